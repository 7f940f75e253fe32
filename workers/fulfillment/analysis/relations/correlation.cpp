#include "workers/fulfillment/analysis/relations/correlation.hpp"

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/statistics/distributions.hpp"

namespace circuit::analysis {

std::optional<Correlation> correlation(double products, double squares_x, double squares_y, std::size_t n) {
  if (n < 3 || squares_x <= 0 || squares_y <= 0) return std::nullopt;
  const double r = std::clamp(products / std::sqrt(squares_x * squares_y), -1.0, 1.0);
  const double degrees_of_freedom = static_cast<double>(n - 2);
  const double t = r * std::sqrt(degrees_of_freedom / ((1 - r) * (1 + r)));
  return Correlation{r, two_sided_p_of_t(t, degrees_of_freedom), n};
}

}  // namespace circuit::analysis
