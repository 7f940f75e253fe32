// Complete columns are centred once and multiplied pair by pair, in blocks of rows that stay in the processor's cache.
// Two columns of which one misses values have means of their own, so they are read twice.
#include "workers/fulfillment/analysis/relations/pearson.hpp"

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/relations/correlation.hpp"
#include "workers/fulfillment/analysis/relations/number_pairs.hpp"
#include "workers/fulfillment/analysis/relations/sampling.hpp"
#include "workers/fulfillment/analysis/statistics/compensated.hpp"
#include "workers/fulfillment/analysis/statistics/dot_product.hpp"
#include "workers/fulfillment/analysis/statistics/moments.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t budget = 800'000'000;
constexpr std::size_t cost_of_missing = 8;
constexpr std::size_t block_rows = 512;

using Values = std::span<const double>;

// ---- pairs of complete columns ----

std::vector<Moments> moments_of_complete(std::span<const ComparedNumbers> columns) {
  std::vector<Moments> moments(columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c)
    if (columns[c].is_complete) moments[c] = moments_of(columns[c].values);
  return moments;
}

// The sums of the products of the complete columns' deviations from their means: of pairs, and of each with itself.
struct Products {
  std::vector<Compensated<double>> of_pairs;
  std::vector<Compensated<double>> squares;
};

Products products_of_complete(std::span<const ComparedNumbers> columns, std::span<const Moments> moments,
                              std::span<const NumberPair> pairs) {
  Products totals{std::vector<Compensated<double>>(pairs.size()), std::vector<Compensated<double>>(columns.size())};
  std::vector<double> centred(columns.size() * block_rows);
  const auto centred_at = [&](std::size_t column) { return &centred[column * block_rows]; };
  const std::size_t rows = columns.front().values.size();
  for (std::size_t from = 0; from < rows; from += block_rows) {
    const std::size_t size = std::min(block_rows, rows - from);
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (!columns[c].is_complete) continue;
      for (std::size_t i = 0; i < size; ++i) centred_at(c)[i] = columns[c].values[from + i] - moments[c].mean;
      totals.squares[c].add(dot_product(centred_at(c), centred_at(c), size));
    }
    for (std::size_t p = 0; p < pairs.size(); ++p)
      if (pairs[p].is_complete)
        totals.of_pairs[p].add(dot_product(centred_at(pairs[p].first), centred_at(pairs[p].second), size));
  }
  return totals;
}

// What the rounding of both means adds to a sum of products.
double rounding(const Moments& x, const Moments& y) { return static_cast<double>(x.n) * x.mean_lost * y.mean_lost; }

// ---- pairs with missing values ----

// Sums over the rows that both columns have, of x and y less some centre.
template <typename Number>
struct CommonSums {
  Number n{}, x{}, y{}, xx{}, yy{}, xy{};
};

struct Centre {
  double x = 0;
  double y = 0;
};

void add_pair(CommonSums<Pair>& sums, Pair x, Pair y) {
  const auto is_common = (x == x) & (y == y);
  const Pair none{};
  x = is_common ? x : none;
  y = is_common ? y : none;
  sums.n += is_common ? both(1) : none;
  sums.x += x;
  sums.y += y;
  sums.xx += x * x;
  sums.yy += y * y;
  sums.xy += x * y;
}

void add_block(CommonSums<Compensated<double>>& total, Values x, Values y, Centre centre) {
  CommonSums<Pair> sums[2];
  std::size_t i = 0;
  for (; i + 4 <= x.size(); i += 4)
    for (const std::size_t k : {0, 1})
      add_pair(sums[k], load_pair(&x[i + 2 * k]) - both(centre.x), load_pair(&y[i + 2 * k]) - both(centre.y));
  for (; i < x.size(); ++i) add_pair(sums[0], Pair{x[i] - centre.x, std::nan("")}, Pair{y[i] - centre.y, std::nan("")});
  const auto add = [](Compensated<double>& to, Pair a, Pair b) { to.add((a[0] + b[0]) + (a[1] + b[1])); };
  add(total.n, sums[0].n, sums[1].n);
  add(total.x, sums[0].x, sums[1].x);
  add(total.y, sums[0].y, sums[1].y);
  add(total.xx, sums[0].xx, sums[1].xx);
  add(total.yy, sums[0].yy, sums[1].yy);
  add(total.xy, sums[0].xy, sums[1].xy);
}

CommonSums<double> common_sums(Values x, Values y, Centre centre) {
  CommonSums<Compensated<double>> total;
  for (std::size_t from = 0; from < x.size(); from += block_values) {
    const std::size_t size = std::min(block_values, x.size() - from);
    add_block(total, x.subspan(from, size), y.subspan(from, size), centre);
  }
  return {total.n.total(), total.x.total(), total.y.total(), total.xx.total(), total.yy.total(), total.xy.total()};
}

std::optional<Correlation> pearson_of_common_rows(Values x, Values y) {
  const CommonSums<double> rough = common_sums(x, y, {});
  if (rough.n == 0) return std::nullopt;
  const CommonSums<double> sums = common_sums(x, y, {rough.x / rough.n, rough.y / rough.n});
  return correlation(sums.xy - sums.x * sums.y / sums.n, sums.xx - sums.x * sums.x / sums.n,
                     sums.yy - sums.y * sums.y / sums.n, static_cast<std::size_t>(sums.n));
}

std::vector<std::optional<Correlation>> compare(std::span<const ComparedNumbers> columns,
                                                std::span<const NumberPair> pairs) {
  const std::vector<Moments> moments = moments_of_complete(columns);
  const Products products = products_of_complete(columns, moments, pairs);
  const auto squares = [&](std::size_t c) { return products.squares[c].total() - rounding(moments[c], moments[c]); };
  std::vector<std::optional<Correlation>> result;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    const auto [first, second, is_complete] = pairs[p];
    result.push_back(is_complete ? correlation(products.of_pairs[p].total() - rounding(moments[first], moments[second]),
                                               squares(first), squares(second), moments[first].n)
                                 : pearson_of_common_rows(columns[first].values, columns[second].values));
  }
  return result;
}

}  // namespace

std::vector<std::optional<Correlation>> pearson_of_pairs(std::span<const ComparedNumbers> columns) {
  const std::vector<NumberPair> pairs = number_pairs(columns);
  if (pairs.empty()) return {};
  const std::size_t rows = columns.front().values.size();
  const std::size_t size = rows_within(budget, row_cost(pairs, cost_of_missing), rows);
  if (size == rows) return compare(columns, pairs);
  std::vector<ComparedNumbers> samples;
  for (const ComparedNumbers& column : columns) samples.push_back(column.sampled(size));
  return compare(samples, number_pairs(samples));
}

}  // namespace circuit::analysis
