// The straight line y = intercept + slope x of least squares.
//
// Both variables are centred first and all sums are compensated, so that neither a large offset of x (a year, a moment
// in µs) nor one of y costs digits. Checked against NIST's certified values for the data set Norris.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace circuit::analysis {

struct LinearFit {
  std::size_t n = 0;
  double x_mean = 0;
  double y_mean = 0;  // the line passes through (x_mean, y_mean)
  double slope = 0;
  double intercept = 0;
  double r_squared = 0;  // 0 if y is constant
  double x_squares = 0;  // sum of (x - x_mean)²
  double residual_squares = 0;
  std::vector<double> residuals;  // in the order of the points

  [[nodiscard]] double at(double x) const { return y_mean + slope * (x - x_mean); }
  // Standard deviations, with n - 2 degrees of freedom, on the assumption of independent residuals of equal variance.
  [[nodiscard]] double residual_deviation() const;
  [[nodiscard]] double slope_deviation() const;
  [[nodiscard]] double intercept_deviation() const;
};

// `x` and `y` are of equal length. Nothing for fewer than three points, for x that is constant, or if a result does not
// fit a double.
[[nodiscard]] std::optional<LinearFit> fit_line(std::span<const double> x, std::span<const double> y);

}  // namespace circuit::analysis
