// A correlation coefficient with its p-value.
#pragma once

#include <cstddef>
#include <optional>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// From the sum of the products of two series' deviations, and the sums of their squares. p is two-sided by
// the t distribution with n - 2 degrees of freedom: exact for Pearson's r of normal numbers, an approximation for
// Spearman's rho (R's cor.test with exact = FALSE). Nothing for fewer than three rows, or if either series is constant.
[[nodiscard]] std::optional<Correlation> correlation(double products, double squares_x, double squares_y,
                                                     std::size_t n);

}  // namespace circuit::analysis
