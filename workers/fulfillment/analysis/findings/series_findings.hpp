// What time says: trends, seasons, and gaps in which there is nothing at all.
#pragma once

#include <vector>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// A number of another table's kind (an identifier by its name) has no trend worth telling.
[[nodiscard]] std::vector<Finding> trend_findings(const Analysis& analysis);
[[nodiscard]] std::vector<Finding> season_findings(const Analysis& analysis);

// The longest pause in each date column's rows, if it is far longer than the share of periods without rows lets expect,
// and no second one is like it (which would be a season or a schedule).
[[nodiscard]] std::vector<Finding> gap_findings(const Analysis& analysis);

}  // namespace circuit::analysis
