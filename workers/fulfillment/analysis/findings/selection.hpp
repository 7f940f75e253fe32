// Of all that was found, the few things that are told: the highest scores, but of many kinds and about many columns.
#pragma once

#include <cstddef>
#include <vector>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

inline constexpr std::size_t told_per_kind_max = 3;
inline constexpr std::size_t told_per_column_max = 3;

// At most `findings_max`, highest score first; those below `score_min` are dropped. A finding that repeats a better one
// about a column that goes along with that one's (a positive correlation, or a Cramér's V, of 0.8 or more; for findings
// about a single column it is enough that the names share a word) is not told by itself: a sentence about it is added
// to the better one. Date columns do not count as columns here, except for findings that are about nothing else.
[[nodiscard]] std::vector<Finding> select_findings(std::vector<Finding> findings, const Analysis& analysis,
                                                   std::size_t findings_max);

}  // namespace circuit::analysis
