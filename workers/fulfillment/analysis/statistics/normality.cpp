#include "workers/fulfillment/analysis/statistics/normality.hpp"

#include <cmath>

namespace circuit::analysis {
namespace {

// D'Agostino (1970): Johnson's unbounded transformation of √b1.
double z_of_skewness(double skewness, double n) {
  const double y = skewness * std::sqrt((n + 1) * (n + 3) / (6 * (n - 2)));
  const double kurtosis = 3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9));
  const double w_squared = std::sqrt(2 * (kurtosis - 1)) - 1;
  const double alpha = std::sqrt(2 / (w_squared - 1));
  return std::asinh(y / alpha) / std::sqrt(0.5 * std::log(w_squared));
}

// Anscombe and Glynn (1983): a cube root of b2, by the third moment of its distribution.
double z_of_kurtosis(double kurtosis, double n) {
  const double expected = 3 * (n - 1) / (n + 1);
  const double variance = 24 * n * (n - 2) * (n - 3) / ((n + 1) * (n + 1) * (n + 3) * (n + 5));
  const double x = (kurtosis - expected) / std::sqrt(variance);
  const double root_beta =
      6 * (n * n - 5 * n + 2) / ((n + 7) * (n + 9)) * std::sqrt(6 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3)));
  const double a = 6 + 8 / root_beta * (2 / root_beta + std::sqrt(1 + 4 / (root_beta * root_beta)));
  const double cube = (1 - 2 / a) / (1 + x * std::sqrt(2 / (a - 4)));
  return (1 - 2 / (9 * a) - std::cbrt(cube)) / std::sqrt(2 / (9 * a));
}

}  // namespace

std::optional<Normality> normality(const Moments& moments) {
  constexpr std::size_t n_min = 20;
  const auto skewness = plain_skewness(moments);
  const auto kurtosis = plain_kurtosis(moments);
  if (moments.n < n_min || !skewness || !kurtosis) return std::nullopt;
  const double n = static_cast<double>(moments.n);
  const double z1 = z_of_skewness(*skewness, n);
  const double z2 = z_of_kurtosis(*kurtosis, n);
  const double k_squared = z1 * z1 + z2 * z2;
  if (!std::isfinite(k_squared)) return std::nullopt;
  // The upper tail of chi-squared with 2 degrees of freedom.
  return Normality{k_squared, std::exp(-k_squared / 2)};
}

}  // namespace circuit::analysis
