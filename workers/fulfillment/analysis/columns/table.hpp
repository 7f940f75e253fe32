// A whole file as columns: read block by block with a plan for each column, and once more where the plan was wrong.
#pragma once

#include <variant>
#include <vector>

#include "workers/fulfillment/analysis/columns/column_builder.hpp"
#include "workers/fulfillment/analysis/outcome.hpp"
#include "workers/fulfillment/analysis/reading/source.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

struct Table {
  FileFacts file;
  std::vector<Column> columns;
};

// Failure codes: those of TextWindow; input_empty, csv_no_rows. May throw what `source` throws.
[[nodiscard]] std::variant<Table, Failure> read_table(Source& source, const Limits& limits);

}  // namespace circuit::analysis
