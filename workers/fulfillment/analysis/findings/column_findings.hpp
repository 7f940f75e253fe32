// What one column alone says: where its sum comes from, what most rows have, what stands apart, and what is missing
// with a pattern.
#pragma once

#include <vector>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// A column of numbers gets one finding about its shape at most, the first that holds: few rows hold most of the sum;
// most values are 0; a few values stand far apart; the mean is far from the median.
[[nodiscard]] std::vector<Finding> shape_findings(const Analysis& analysis);

// One value that most rows have.
[[nodiscard]] std::vector<Finding> dominant_findings(const Analysis& analysis);

[[nodiscard]] std::vector<Finding> missing_pattern_findings(const Analysis& analysis);

}  // namespace circuit::analysis
