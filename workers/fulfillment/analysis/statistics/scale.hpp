// Numbers near the ends of the double range are brought near 1 by a power of two before they are squared, so that
// nothing overflows or vanishes. Elsewhere nothing is scaled.
#pragma once

#include <cmath>
#include <span>
#include <vector>

namespace circuit::analysis {

// The exponent to divide by: 0 where fourth powers of deviations fit a double as they are.
[[nodiscard]] inline int scale_exponent(double largest_magnitude) {
  if (largest_magnitude == 0 || (largest_magnitude > 1e-50 && largest_magnitude < 1e70)) return 0;
  return std::ilogb(largest_magnitude);
}

// Missing values (NaN) stay missing.
[[nodiscard]] inline std::vector<double> scaled(std::span<const double> values, int exponent) {
  std::vector<double> result(values.begin(), values.end());
  for (double& value : result) value = std::ldexp(value, -exponent);
  return result;
}

}  // namespace circuit::analysis
