// The card of one column: what it is and why, its chart, its figures and its most frequent values.
#pragma once

#include <cstddef>
#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// `index` makes up the anchor `column-<index + 1>`; `rows` is the number of rows of the file.
void write_column_card(std::string& out, const ColumnSummary& column, std::size_t index, std::size_t rows);

}  // namespace circuit::analysis
