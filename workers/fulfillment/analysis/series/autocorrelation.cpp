#include "workers/fulfillment/analysis/series/autocorrelation.hpp"

#include <algorithm>

#include "workers/fulfillment/analysis/statistics/compensated.hpp"

namespace circuit::analysis {

double first_autocorrelation(std::span<const double> residuals) {
  if (residuals.size() < 5) return 1;
  Compensated<double> products;
  Compensated<double> squares;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    squares.add(residuals[i] * residuals[i]);
    if (i > 0) products.add(residuals[i] * residuals[i - 1]);
  }
  if (!(squares.total() > 0)) return 0;
  const auto n = static_cast<double>(residuals.size());
  const double r = products.total() / squares.total();
  return std::clamp((n * r + 1) / (n - 4), 0.0, 1.0);
}

double effective_share(std::span<const double> residuals) {
  const double r = first_autocorrelation(residuals);
  return (1 - r) / (1 + r);
}

}  // namespace circuit::analysis
