// What time says: trends, swings, seasons, and gaps in which there is nothing at all.
//
// A number in a column with the name of an identifier has none of them.
#pragma once

#include <vector>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

[[nodiscard]] std::vector<Finding> trend_findings(const Analysis& analysis);

// The longest fall or rise of a number that moves slowly, if it is not simply its way from the first period to the
// last.
[[nodiscard]] std::vector<Finding> swing_findings(const Analysis& analysis);

[[nodiscard]] std::vector<Finding> season_findings(const Analysis& analysis);

// The longest pause in each date column's rows, if it is far longer than the share of periods without rows lets expect,
// and no second one is like it (which would be a season or a schedule).
[[nodiscard]] std::vector<Finding> gap_findings(const Analysis& analysis);

}  // namespace circuit::analysis
