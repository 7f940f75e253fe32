// Is what a cycle seems to explain more than chance?
#pragma once

#include <vector>

#include "workers/fulfillment/analysis/series/cycle_layout.hpp"

namespace circuit::analysis {

// `values`: line and turns' levels taken out; `rest`: the positions' effects, too. Two F tests are made, each with the
// effective sample size (autocorrelation.hpp): one of all positions, and, but for the days of a week, one of a single
// smooth wave (sine and cosine), which is sharper where the positions follow it, because it spends two degrees of
// freedom instead of eleven or more. The result is twice the smaller p (Bonferroni); 1 if no degrees of freedom are
// left.
[[nodiscard]] double season_p(const std::vector<double>& values, const std::vector<double>& rest,
                              const CycleLayout& layout, Cycle cycle);

}  // namespace circuit::analysis
