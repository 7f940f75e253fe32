// What a careful analyst would tell the customer first: about the world (insights) and about the file (quality).
//
// All is read from the filled Analysis; scores are explained in score.hpp. Deterministic: equal scores keep the order
// in which the columns stand in the file.
#pragma once

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

inline constexpr std::size_t insights_max = 10;
inline constexpr std::size_t quality_findings_max = 30;

// Fills analysis.insights and analysis.caveats. Columns, relations, series and missing patterns must be there.
void find_insights(Analysis& analysis);

// Fills analysis.quality. What is beyond `quality_findings_max` is told as a number.
void find_quality(Analysis& analysis);

}  // namespace circuit::analysis
