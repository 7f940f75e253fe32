#include "workers/fulfillment/analysis/statistics/order.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "workers/fulfillment/analysis/statistics/compensated.hpp"

namespace circuit::analysis {
namespace {

double finite(double value) {
  constexpr double largest = std::numeric_limits<double>::max();
  return std::clamp(value, -largest, largest);
}

// The k-th smallest |x - centre|, from 0. The k + 1 nearest values are a window of `sorted`; of two windows that are
// neighbours, the better one has its farther end nearer. Near the median, no distance is more than half the range.
double nth_deviation(std::span<const double> sorted, double centre, std::size_t k) {
  const auto left = [&](std::size_t window) { return centre - sorted[window]; };
  const auto right = [&](std::size_t window) { return sorted[window + k] - centre; };
  std::size_t low = 0;
  std::size_t high = sorted.size() - 1 - k;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (left(middle) > right(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const double farthest = std::max(left(low), right(low));
  return low == 0 ? farthest : std::min(farthest, left(low - 1));
}

Outliers outside(std::span<const double> sorted, double low, double high) {
  Outliers outliers{finite(low), finite(high)};
  outliers.below = static_cast<std::size_t>(std::ranges::lower_bound(sorted, outliers.low) - sorted.begin());
  outliers.above = static_cast<std::size_t>(sorted.end() - std::ranges::upper_bound(sorted, outliers.high));
  return outliers;
}

}  // namespace

double quantile(std::span<const double> sorted, double p) {
  const double position = static_cast<double>(sorted.size() - 1) * p;
  const std::size_t below = static_cast<std::size_t>(position);
  if (below + 1 >= sorted.size()) return sorted.back();
  return std::lerp(sorted[below], sorted[below + 1], position - static_cast<double>(below));
}

double median_absolute_deviation(std::span<const double> sorted, double median) {
  const std::size_t middle = sorted.size() / 2;
  const double upper = nth_deviation(sorted, median, middle);
  return sorted.size() % 2 == 1 ? upper : std::midpoint(nth_deviation(sorted, median, middle - 1), upper);
}

Outliers tukey_outliers(std::span<const double> sorted, double first_quartile, double third_quartile) {
  const double reach = 1.5 * (third_quartile - first_quartile);
  return outside(sorted, first_quartile - reach, third_quartile + reach);
}

std::optional<Outliers> robust_outliers(std::span<const double> sorted, double median, double mad) {
  if (mad == 0) return std::nullopt;
  const double reach = 3.5 * mad / 0.6745;
  return outside(sorted, median - reach, median + reach);
}

double top_tenth_share(std::span<const double> sorted, const Moments& moments) {
  if (sorted.front() < 0 || sorted.back() == 0) return 0;
  const std::size_t whole = sorted.size() / 10;
  const double part = static_cast<double>(sorted.size() % 10) / 10;
  Compensated<double> top;
  for (std::size_t i = sorted.size() - whole; i < sorted.size(); ++i) top.add(std::ldexp(sorted[i], -moments.exponent));
  top.add(std::ldexp(sorted[sorted.size() - whole - 1], -moments.exponent) * part);
  return std::min(1.0, top.total() / (moments.sum + moments.sum_lost));
}

std::size_t count_distinct(std::span<const double> sorted) {
  std::size_t distinct = 1;
  for (std::size_t i = 1; i < sorted.size(); ++i) distinct += sorted[i] != sorted[i - 1];
  return distinct;
}

}  // namespace circuit::analysis
