#include "workers/fulfillment/analysis/series/linear_fit.hpp"

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/statistics/compensated.hpp"

namespace circuit::analysis {
namespace {

double sum(std::span<const double> values) {
  Compensated<double> total;
  for (const double value : values) total.add(value);
  return total.total();
}

double sum_of_products(std::span<const double> a, std::span<const double> b) {
  Compensated<double> total;
  for (std::size_t i = 0; i < a.size(); ++i) total.add(a[i] * b[i]);
  return total.total();
}

// The deviations from the mean; what the rounding of the mean leaves of their sum is taken off once more.
std::vector<double> centred(std::span<const double> values, double& mean) {
  const auto n = static_cast<double>(values.size());
  mean = sum(values) / n;
  std::vector<double> deviations(values.begin(), values.end());
  for (double& value : deviations) value -= mean;
  const double rest = sum(deviations) / n;
  for (double& value : deviations) value -= rest;
  return deviations;
}

}  // namespace

std::optional<LinearFit> fit_line(std::span<const double> x, std::span<const double> y) {
  if (x.size() < 3) return std::nullopt;
  LinearFit fit;
  fit.n = x.size();
  const std::vector<double> dx = centred(x, fit.x_mean);
  const std::vector<double> dy = centred(y, fit.y_mean);
  fit.x_squares = sum_of_products(dx, dx);
  if (!(fit.x_squares > 0)) return std::nullopt;
  fit.slope = sum_of_products(dx, dy) / fit.x_squares;
  fit.intercept = fit.y_mean - fit.slope * fit.x_mean;
  fit.residuals.resize(fit.n);
  for (std::size_t i = 0; i < fit.n; ++i) fit.residuals[i] = dy[i] - fit.slope * dx[i];
  fit.residual_squares = sum_of_products(fit.residuals, fit.residuals);
  const double total = sum_of_products(dy, dy);
  if (total > 0) fit.r_squared = std::clamp(1 - fit.residual_squares / total, 0.0, 1.0);
  if (!std::isfinite(fit.intercept) || !std::isfinite(total) || !std::isfinite(fit.x_squares)) return std::nullopt;
  return fit;
}

double LinearFit::residual_deviation() const { return std::sqrt(residual_squares / static_cast<double>(n - 2)); }

double LinearFit::slope_deviation() const { return residual_deviation() / std::sqrt(x_squares); }

double LinearFit::intercept_deviation() const {
  return residual_deviation() * std::sqrt(1 / static_cast<double>(n) + x_mean * x_mean / x_squares);
}

}  // namespace circuit::analysis
