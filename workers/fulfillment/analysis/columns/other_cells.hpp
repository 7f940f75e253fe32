// The cells of a column with a type that are not of this type: those that say that there is no value, and those that
// say something else.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "workers/fulfillment/analysis/columns/column_builder.hpp"

namespace circuit::analysis {

class OtherCells {
 public:
  // `budget` must outlive this object.
  explicit OtherCells(TextBudget& budget);

  // `cell` must be trimmed, and rows come in ascending order. True if the cell has a value, which is invalid then.
  bool add(std::string_view cell, std::size_t row);
  void add_missing(std::size_t first_row, std::size_t rows);

  [[nodiscard]] std::size_t missing() const { return missing_; }
  [[nodiscard]] std::size_t invalid() const { return invalid_; }

  // A column of so many rows with what is known from the cells here: count, missing and invalid cells, confidence.
  [[nodiscard]] Column column(std::string name, std::size_t rows) const;

 private:
  std::size_t missing_ = 0;
  std::size_t invalid_ = 0;
  TextCounts invalid_texts_;
  MissingBands missing_bands_;
};

}  // namespace circuit::analysis
