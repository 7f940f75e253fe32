// How many independent values are those of a series worth, in which each resembles the one before?
#pragma once

#include <span>

namespace circuit::analysis {

// The first autocorrelation of residuals (mean 0), in their order, corrected for its bias in short series (Kendall
// 1954; Marriott and Pope 1954: E[r] = rho - (1 + 4 rho) / n). 0 to 1: a negative one counts as 0, as it would make a
// test bolder. 1 for fewer than five.
[[nodiscard]] double first_autocorrelation(std::span<const double> residuals);

// The effective sample size divided by the real one: (1 - r) / (1 + r). Santer et al. 2000, Journal of Geophysical
// Research 105, 7337-7356, "Statistical significance of trends and trend differences in layer-average atmospheric
// temperature time series".
[[nodiscard]] double effective_share(std::span<const double> residuals);

}  // namespace circuit::analysis
