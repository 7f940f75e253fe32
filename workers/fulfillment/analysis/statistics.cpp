#include "workers/fulfillment/analysis/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

namespace circuit::analysis {
namespace {

// The exponent to scale by before squaring: 0 in the ordinary range.
int scale_exponent(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::fabs(value));
  if (largest == 0 || (largest > 1e-100 && largest < 1e100)) return 0;
  return std::ilogb(largest);
}

std::vector<double> scaled(std::span<const double> values, int exponent) {
  std::vector<double> result(values.begin(), values.end());
  if (exponent != 0)
    for (double& value : result) value = std::ldexp(value, -exponent);
  return result;
}

double mean_of_ordinary(std::span<const double> values) {
  return compensated_sum(values) / static_cast<double>(values.size());
}

// The root of the sum of squared deviations. What is left of the plain sum corrects for the rounding of the centre
// (Chan, Golub and LeVeque 1983); it also makes the norm of equal values exactly 0.
double norm_around(std::span<const double> values, double centre) {
  double sum = 0;
  double squares = 0;
  for (const double value : values) {
    const double deviation = value - centre;
    sum += deviation;
    squares += deviation * deviation;
  }
  return std::sqrt(std::max(0.0, squares - sum * sum / static_cast<double>(values.size())));
}

}  // namespace

double compensated_sum(std::span<const double> values) {
  double sum = 0;
  double lost = 0;
  for (const double value : values) {
    const double next = sum + value;
    lost += std::fabs(sum) >= std::fabs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }
  return sum + lost;
}

double mean(std::span<const double> values) {
  const int exponent = scale_exponent(values);
  if (exponent == 0) return mean_of_ordinary(values);
  return std::ldexp(mean_of_ordinary(scaled(values, exponent)), exponent);
}

std::optional<double> sample_standard_deviation(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  const int exponent = scale_exponent(values);
  const std::vector<double> copy = exponent == 0 ? std::vector<double>{} : scaled(values, exponent);
  const std::span<const double> ordinary = exponent == 0 ? values : copy;
  const double norm = norm_around(ordinary, mean_of_ordinary(ordinary));
  const double result = std::ldexp(norm / std::sqrt(static_cast<double>(values.size() - 1)), exponent);
  if (!std::isfinite(result)) return std::nullopt;
  return result;
}

double quantile(std::span<const double> sorted, double p) {
  const double position = static_cast<double>(sorted.size() - 1) * p;
  const std::size_t below = static_cast<std::size_t>(position);
  if (below + 1 >= sorted.size()) return sorted.back();
  return std::lerp(sorted[below], sorted[below + 1], position - static_cast<double>(below));
}

std::size_t count_distinct(std::span<const double> sorted) {
  std::size_t distinct = sorted.empty() ? 0 : 1;
  for (std::size_t i = 1; i < sorted.size(); ++i) distinct += sorted[i] != sorted[i - 1];
  return distinct;
}

Deviations deviations(std::span<const double> values) {
  if (values.empty()) return {};
  Deviations result{scaled(values, scale_exponent(values)), 0};
  const double centre = mean_of_ordinary(result.values);
  result.norm = norm_around(result.values, centre);
  for (double& value : result.values) value -= centre;
  return result;
}

std::optional<double> pearson(const Deviations& x, const Deviations& y) {
  if (x.values.size() < 3 || x.norm == 0 || y.norm == 0) return std::nullopt;
  const double products = std::inner_product(x.values.begin(), x.values.end(), y.values.begin(), 0.0);
  return std::clamp(products / x.norm / y.norm, -1.0, 1.0);
}

}  // namespace circuit::analysis
