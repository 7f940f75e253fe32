// All columns of a table, fed with its rows block by block, and what is kept of their values thinned together.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "workers/fulfillment/analysis/columns/column_builder.hpp"
#include "workers/fulfillment/analysis/columns/row_sample.hpp"
#include "workers/fulfillment/analysis/reading/cell_block.hpp"

namespace circuit::analysis {

class ColumnSet {
 public:
  // `budget` must outlive the set.
  ColumnSet(std::span<const ColumnPlan> plans, const Limits& limits, TextBudget& budget);

  // About so many rows will come.
  void reserve(std::size_t rows);

  // The next rows.
  void add(const CellBlock& block);

  // After the last row.
  void complete();

  [[nodiscard]] std::size_t size() const { return columns_.size(); }
  [[nodiscard]] const RowSample& rows() const { return rows_; }
  [[nodiscard]] std::optional<ColumnPlan> better_plan(std::size_t i) const {
    return columns_[i].builder->better_plan();
  }
  // Once only; the column's memory is given back.
  [[nodiscard]] Column finish(std::size_t i, std::string name);

 private:
  // A column that no record reaches is not fed: it waits, so that a wide table of short records costs what its records
  // do.
  struct Fed {
    std::unique_ptr<ColumnBuilder> builder;
    std::size_t rows = 0;  // that it has taken in
    std::size_t kept = 0;  // of them
  };
  static void catch_up(Fed& column, std::size_t rows, std::size_t kept);

  std::vector<Fed> columns_;
  RowSample rows_;
};

}  // namespace circuit::analysis
