#include "workers/fulfillment/analysis/columns/other_cells.hpp"

#include <utility>

#include "workers/fulfillment/analysis/columns/top_texts.hpp"
#include "workers/fulfillment/analysis/reading/cell_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t invalid_distinct_max = 1000;  // counted one by one
constexpr std::size_t invalid_values_max = 5;       // shown

}  // namespace

OtherCells::OtherCells(TextBudget& budget) : invalid_texts_(invalid_distinct_max, budget) {}

bool OtherCells::add(std::string_view cell, std::size_t row) {
  if (is_missing_among_values(cell)) {
    add_missing(row, 1);
    return false;
  }
  ++invalid_;
  invalid_texts_.add(cell);
  return true;
}

void OtherCells::add_missing(std::size_t first_row, std::size_t rows) {
  missing_ += rows;
  missing_bands_.add(first_row, rows);
}

Column OtherCells::column(std::string name, std::size_t rows) const {
  Column column;
  ColumnSummary& summary = column.summary;
  summary.name = std::move(name);
  summary.count = rows - missing_ - invalid_;
  summary.missing = missing_;
  summary.invalid = invalid_;
  summary.invalid_values = top_texts(invalid_texts_, invalid_values_max);
  const std::size_t present = rows - missing_;
  summary.confidence = present == 0 ? 1 : static_cast<double>(summary.count) / static_cast<double>(present);
  if (summary.count == 0) summary.reason = "No row has a value.";
  column.missing_bands = missing_bands_;
  return column;
}

}  // namespace circuit::analysis
