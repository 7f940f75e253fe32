// Do numbers look drawn from a normal distribution?
#pragma once

#include <optional>

#include "workers/fulfillment/analysis/statistics/moments.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// D'Agostino and Pearson's omnibus test (1973): K² is the sum of the squares of two values that are about standard
// normal, one of the skewness (D'Agostino 1970), one of the kurtosis (Anscombe and Glynn 1983); p by chi-squared with
// 2 degrees of freedom. Nothing if n < 20, below which the approximations are poor, or where all values are equal.
[[nodiscard]] std::optional<Normality> normality(const Moments& moments);

}  // namespace circuit::analysis
