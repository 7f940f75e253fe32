#include "workers/fulfillment/analysis/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "workers/fulfillment/analysis/statistics.hpp"

namespace circuit::analysis {
namespace {

struct Pair {
  std::vector<double> x;
  std::vector<double> y;
};

std::size_t row_at(const Series& series, std::size_t i) { return series.rows.empty() ? i : series.rows[i]; }

Pair common_rows(const Series& x, const Series& y) {
  Pair pair;
  for (std::size_t i = 0, j = 0; i < x.values.size() && j < y.values.size();) {
    const std::size_t row_x = row_at(x, i);
    const std::size_t row_y = row_at(y, j);
    if (row_x == row_y) {
      pair.x.push_back(x.values[i]);
      pair.y.push_back(y.values[j]);
    }
    i += row_x <= row_y;
    j += row_y <= row_x;
  }
  return pair;
}

bool is_stronger(const Correlation& a, const Correlation& b) {
  if (std::fabs(a.r) != std::fabs(b.r)) return std::fabs(a.r) > std::fabs(b.r);
  return a.first != b.first ? a.first < b.first : a.second < b.second;
}

}  // namespace

Correlations correlate(std::span<const Series> series) {
  // Complete columns share their rows with each other, so their deviations are computed once, not once per pair.
  std::vector<Deviations> complete(series.size());
  for (std::size_t i = 0; i < series.size(); ++i)
    if (series[i].rows.empty()) complete[i] = deviations(series[i].values);

  Correlations result;
  for (std::size_t i = 0; i < series.size(); ++i) {
    for (std::size_t j = i + 1; j < series.size(); ++j) {
      std::optional<double> r;
      std::size_t n = series[i].values.size();
      if (series[i].rows.empty() && series[j].rows.empty()) {
        r = pearson(complete[i], complete[j]);
      } else {
        const Pair pair = common_rows(series[i], series[j]);
        n = pair.x.size();
        r = pearson(deviations(pair.x), deviations(pair.y));
      }
      if (r)
        result.pairs.push_back({series[i].column, series[j].column, *r, n});
      else
        ++result.undefined;
    }
  }
  std::sort(result.pairs.begin(), result.pairs.end(), is_stronger);
  return result;
}

}  // namespace circuit::analysis
