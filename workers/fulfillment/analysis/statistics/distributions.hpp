// Probabilities of the distributions that test statistics follow, by Boost.Math.
//
// All are between 0 and 1 and never NaN; what is too small for a double is 0. Degrees of freedom must be positive.
#pragma once

namespace circuit::analysis {

// Of a value at least as far from 0 as t, to either side, under Student's t distribution.
[[nodiscard]] double two_sided_p_of_t(double t, double degrees_of_freedom);

// Of a value of f or more under the F distribution.
[[nodiscard]] double upper_tail_of_f(double f, double degrees_of_freedom_1, double degrees_of_freedom_2);

// Of a value of chi_squared or more under the chi-squared distribution.
[[nodiscard]] double upper_tail_of_chi_squared(double chi_squared, double degrees_of_freedom);

}  // namespace circuit::analysis
