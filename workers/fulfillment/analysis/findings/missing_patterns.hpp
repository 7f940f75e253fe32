// Values that are missing more often in some groups than in others: gaps that are no accident distort every average.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "workers/fulfillment/analysis/columns/values.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// Compares up to 40 columns that miss between 2% and 98% of their values with up to 40 categories of at most 50 values.
// Keeps, for each such column, the category that tells most about its gaps, if Cramér's V is at least 0.2 and the
// chi-squared test has p < 0.001, charged for all pairs; strongest first. Texts have no values side by side and are not
// looked at. All values that are not empty must be equally long. Looks at no more than 20 million cells: where rows
// times pairs are more, at an even sample of the rows.
[[nodiscard]] std::vector<MissingPattern> find_missing_patterns(std::span<const ColumnSummary> columns,
                                                                std::span<const ColumnValues> values);

}  // namespace circuit::analysis
