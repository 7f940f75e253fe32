// Count, sum, mean and central moments of finite numbers, and the figures that follow from them alone.
//
// Two passes: the mean of a compensated sum, then the powers of the deviations from it, corrected for the mean's own
// rounding (Chan, Golub and LeVeque 1983). Data that come in blocks are summarized block by block and merged.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace circuit::analysis {

// All but n, min and max are in units of 2^exponent and its powers; the exponent is 0 for ordinary numbers.
struct Moments {
  std::size_t n = 0;
  int exponent = 0;
  double sum = 0;
  double sum_lost = 0;  // what rounding took from the sum
  double mean = 0;
  double mean_lost = 0;
  double m2 = 0;  // the sums of the second, third and fourth powers of the deviations
  double m3 = 0;
  double m4 = 0;
  double min = 0;
  double max = 0;
};

[[nodiscard]] Moments moments_of(std::span<const double> values);

// Of both together (Pébay 2008, after Chan, Golub and LeVeque).
[[nodiscard]] Moments merged(const Moments& a, const Moments& b);

// 0 for no values; the largest double of its sign where it is beyond that.
[[nodiscard]] double sum(const Moments& moments);

// 0 for no values.
[[nodiscard]] double mean(const Moments& moments);

// Divided by n - 1. Nothing if n < 2, or where the result does not fit a double.
[[nodiscard]] std::optional<double> variance(const Moments& moments);
[[nodiscard]] std::optional<double> standard_deviation(const Moments& moments);

// The third and fourth standardized moments as they are, √b1 and b2. Nothing where all values are equal.
[[nodiscard]] std::optional<double> plain_skewness(const Moments& moments);
[[nodiscard]] std::optional<double> plain_kurtosis(const Moments& moments);

// Adjusted for a sample: G1 and G2, type 2 of Joanes and Gill (1998). Nothing if n < 3 or n < 4, or where all values
// are equal.
[[nodiscard]] std::optional<double> skewness(const Moments& moments);
[[nodiscard]] std::optional<double> kurtosis(const Moments& moments);

}  // namespace circuit::analysis
