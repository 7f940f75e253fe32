// What is wrong with the data, or was decided about them: a customer should know it before trusting any figure.
#pragma once

#include <vector>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// The file as a whole: how it is written, its header, its rows, and what limits left out.
[[nodiscard]] std::vector<Finding> file_quality(const Analysis& analysis);

// Its columns: missing and invalid values, columns that say nothing, identifiers that repeat, spellings, placeholders,
// units, dates.
[[nodiscard]] std::vector<Finding> column_quality(const Analysis& analysis);

// Columns that say the same as another one.
[[nodiscard]] std::vector<Finding> redundancy_quality(const Analysis& analysis);

}  // namespace circuit::analysis
