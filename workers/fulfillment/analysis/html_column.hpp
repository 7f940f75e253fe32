// The part of report.html about one column: its figures beside its chart.
#pragma once

#include <cstddef>
#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// `number` counts the columns from 1 and makes up the anchor `column-<number>`.
void write_column_html(std::string& out, const ColumnSummary& column, std::size_t number, std::size_t rows);

}  // namespace circuit::analysis
