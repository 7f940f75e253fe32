// Descriptive statistics of finite numbers: pure functions, no state.
//
// Sums are compensated (Neumaier 1974) or taken over deviations from the mean (two passes). Numbers near the ends of
// the double range are scaled by a power of two first, so that squares neither overflow nor vanish.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace circuit::analysis {

[[nodiscard]] double compensated_sum(std::span<const double> values);

// `values` must not be empty.
[[nodiscard]] double mean(std::span<const double> values);

// Divided by n - 1. Nothing if n < 2, or if the result does not fit a double.
[[nodiscard]] std::optional<double> sample_standard_deviation(std::span<const double> values);

// Definition 7 of Hyndman and Fan (1996), R's default: linear interpolation at position (n - 1) p, counted from 0.
// `sorted` must be ascending and not empty; 0 <= p <= 1.
[[nodiscard]] double quantile(std::span<const double> sorted, double p);

// Ascending. A radix sort above a few hundred values, in time proportional to their number.
void sort_numbers(std::vector<double>& values);

[[nodiscard]] std::size_t count_distinct(std::span<const double> sorted);

// The deviations from the mean in some power-of-two unit, and the root of their sum of squares (0: all values are
// equal).
struct Deviations {
  std::vector<double> values;
  double norm = 0;
};
[[nodiscard]] Deviations deviations(std::span<const double> values);

// Pearson's r of two equally long series, -1 to 1. Nothing for fewer than three pairs, where it says nothing, or if
// either series is constant, where it is not defined.
[[nodiscard]] std::optional<double> pearson(const Deviations& x, const Deviations& y);

}  // namespace circuit::analysis
