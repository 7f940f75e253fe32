#include "workers/fulfillment/analysis/statistics/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "workers/fulfillment/analysis/statistics/order.hpp"

namespace circuit::analysis {
namespace {

constexpr double largest = std::numeric_limits<double>::max();

// mantissa × 10^exponent. Of 10, 20, 25 and 50, so that an edge is a whole number times a power of ten, and thereby the
// double nearest to its decimal.
struct Width {
  double mantissa = 10;
  int exponent = 0;

  [[nodiscard]] double power() const { return std::pow(10.0, std::abs(exponent)); }
  [[nodiscard]] double edge(double index) const {
    return exponent < 0 ? index * mantissa / power() : index * mantissa * power();
  }
  [[nodiscard]] double value() const { return edge(1); }
  [[nodiscard]] bool is_whole() const { return exponent >= 0 || (exponent == -1 && mantissa != 25); }
  // The last edge at or below x.
  [[nodiscard]] double index_below(double x) const {
    const double index = std::floor(x / value());
    if (edge(index) > x) return index - 1;
    return edge(index + 1) <= x ? index + 1 : index;
  }
  // True if the edges around x are whole multiples of the width, to the last digit.
  [[nodiscard]] bool is_exact_at(double x) const { return std::fabs(x) / edge(1) * mantissa < 9e15; }
};

struct Bins {
  Width width;
  double first = 0;  // indices of the first and the last edge
  double last = 0;
};

Bins bins_of(const Width& width, double min, double max, bool are_whole) {
  Bins bins{width, width.index_below(min), width.index_below(max)};
  if (are_whole || bins.last == bins.first || width.edge(bins.last) < max) ++bins.last;
  return bins;
}

std::optional<Bins> round_bins(double min, double max, double asked, bool are_whole) {
  std::optional<Bins> best;
  double least = std::numeric_limits<double>::infinity();
  const int exponent = static_cast<int>(std::floor(std::log10(asked)));
  const double farthest = std::max(std::fabs(min), std::fabs(max));
  for (int e = exponent - 3; e <= exponent + 1; ++e)
    for (const double mantissa : {10.0, 20.0, 25.0, 50.0}) {
      const Width width{mantissa, e};
      if ((are_whole && !width.is_whole()) || !width.is_exact_at(farthest)) continue;
      const Bins bins = bins_of(width, min, max, are_whole);
      const double badness = width_badness(width.value(), asked, bins.last - bins.first);
      if (badness < least) {
        least = badness;
        best = bins;
      }
    }
  return best;
}

std::vector<double> equal_edges(double min, double max, double asked) {
  const double wanted = (max / 2 - min / 2) / (asked / 2);
  // Between the smallest doubles, that is nothing over nothing.
  const double bins = std::isnan(wanted) ? bins_min : std::ceil(std::clamp(wanted, double{bins_min}, double{bins_max}));
  std::vector<double> edges;
  for (double i = 0; i <= bins; ++i) edges.push_back(std::lerp(min, max, i / bins));
  // Neighbouring doubles have no room for edges between them.
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

std::vector<double> edges_around(double value, bool are_whole) {
  if (are_whole && value + 1 - value == 1) return {value, value + 1};
  const double half = value == 0 ? 0.5 : std::max(std::fabs(value) / 2, std::numeric_limits<double>::denorm_min());
  return {std::max(value - half, -largest), std::min(value + half, largest)};
}

std::vector<double> edges_for(std::span<const double> sorted, bool are_whole) {
  const double min = sorted.front();
  const double max = sorted.back();
  if (min == max) return edges_around(min, are_whole);
  const double range = std::min(max - min, largest);
  const double iqr = std::min(quantile(sorted, 0.75) - quantile(sorted, 0.25), largest);
  const double rule = rule_width(iqr, range, sorted.size());
  const double asked = are_whole ? (range < single_wholes_max ? 1 : std::max(rule, 1.0)) : rule;
  // Far out there are no powers of ten to count with.
  const auto bins = asked > 1e-280 && asked < 1e280 ? round_bins(min, max, asked, are_whole) : std::nullopt;
  if (!bins) return equal_edges(min, max, asked);
  std::vector<double> edges;
  for (double index = bins->first; index <= bins->last; ++index) edges.push_back(bins->width.edge(index));
  return edges;
}

}  // namespace

double rule_width(double interquartile_range, double range, std::size_t n) {
  const double count = static_cast<double>(n);
  const double width =
      interquartile_range > 0 ? interquartile_range / std::cbrt(count) * 2 : range / (std::ceil(std::log2(count)) + 1);
  return std::clamp(width, range / bins_max, range / bins_min);
}

double width_badness(double width, double asked, double bins) {
  return bins > bins_max ? std::numeric_limits<double>::infinity() : std::fabs(std::log(width / asked));
}

// Counting between edges by search keeps counts and edges consistent to the last bit.
Distribution histogram(std::span<const double> sorted, bool are_whole) {
  Distribution result{edges_for(sorted, are_whole), {}};
  auto from = sorted.begin();
  for (std::size_t i = 1; i < result.edges.size(); ++i) {
    const bool is_last = i + 1 == result.edges.size();
    const auto to = is_last ? sorted.end() : std::lower_bound(from, sorted.end(), result.edges[i]);
    result.counts.push_back(static_cast<std::size_t>(to - from));
    from = to;
  }
  return result;
}

}  // namespace circuit::analysis
