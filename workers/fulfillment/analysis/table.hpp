// The file as columns of cells. Only cells that hold a value are kept: a missing one costs no memory,
// however wide the table is and however short its rows are.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "workers/fulfillment/analysis/analysis.hpp"
#include "workers/fulfillment/analysis/csv.hpp"
#include "workers/fulfillment/analysis/dialect.hpp"

namespace circuit::analysis {

// The present values of one column, trimmed, in the order of their rows.
class Cells {
 public:
  // Rows must come in ascending order. A missing value is left out.
  void append(std::size_t row, std::string_view cell);

  [[nodiscard]] std::span<const std::string_view> present() const { return present_; }
  // The row of each present value. Rows count from 0 and leave out the header.
  [[nodiscard]] std::vector<std::size_t> rows() const;

 private:
  // From cell `first_cell` on, cells come from consecutive rows, beginning with `first_row`.
  struct Run {
    std::size_t first_cell;
    std::size_t first_row;
  };
  std::vector<std::string_view> present_;
  std::vector<Run> runs_;
  std::size_t next_row_ = 0;
};

struct Table {
  std::vector<std::string> names;
  std::vector<Cells> columns;
  std::size_t rows = 0;
  std::size_t header_width = 0;      // 0 without a header
  std::size_t columns_left_out = 0;  // beyond Limits::columns_max
  std::size_t rows_left_out = 0;     // beyond Limits::rows_max
  std::size_t short_rows = 0;        // fewer fields than columns: the rest is missing
  std::size_t long_rows = 0;         // more fields than columns: the rest is ignored
  std::size_t blank_lines = 0;
  std::size_t stray_quotes = 0;
  Arena arena;
};

// `text` must be valid UTF-8 and outlive the table. Fails on an unclosed quote and on a file without rows.
[[nodiscard]] std::variant<Table, Failure> read_table(std::string_view text, const Dialect& dialect,
                                                      const Limits& limits);

}  // namespace circuit::analysis
