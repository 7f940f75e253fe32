// One column: which type it is, and what its values look like.
//
// A column has a type only if every present value has it; otherwise it is text, and a note says what stood in the way.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "workers/fulfillment/analysis/summary.hpp"
#include "workers/fulfillment/analysis/table.hpp"

namespace circuit::analysis {

// The numbers of a numeric column in the order of their rows.
struct Series {
  std::size_t column = 0;
  std::vector<double> values;
  std::vector<std::size_t> rows;  // the row of each value; left empty if every row has one
};

struct ColumnResult {
  ColumnSummary summary;
  Series series;  // empty unless the column is numeric
  std::vector<std::string> notes;
};

inline constexpr std::size_t top_values_max = 10;
// Text is a category if its values recur: at most this many different ones, and each twice on average.
inline constexpr std::size_t category_values_max = 1000;

[[nodiscard]] ColumnResult summarize(const std::string& name, const Cells& cells, std::size_t rows,
                                     std::size_t distinct_max);

}  // namespace circuit::analysis
