// Takes in a column's cells, block by block, and becomes what is known about the column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "workers/fulfillment/analysis/columns/missing_bands.hpp"
#include "workers/fulfillment/analysis/columns/plan.hpp"
#include "workers/fulfillment/analysis/columns/row_sample.hpp"
#include "workers/fulfillment/analysis/columns/text_counts.hpp"
#include "workers/fulfillment/analysis/columns/values.hpp"
#include "workers/fulfillment/analysis/outcome.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

struct Column {
  ColumnSummary summary;
  ColumnValues values;
  MissingBands missing_bands;
};

class ColumnBuilder {
 public:
  virtual ~ColumnBuilder() = default;

  // The cells of the rows from `first_row` on. `is_kept` tells which of them stay for later; empty: all.
  virtual void add(std::span<const std::string_view> cells, std::size_t first_row,
                   std::span<const std::uint8_t> is_kept) = 0;

  // So many rows from `first_row` on have no value; `kept` of them stay for later.
  virtual void add_missing(std::size_t first_row, std::size_t rows, std::size_t kept) = 0;

  // About so many values will be kept.
  virtual void reserve(std::size_t rows) = 0;

  // Gives up values that were kept; one flag a value.
  virtual void thin(std::span<const std::uint8_t> keeps) = 0;

  // After the last cell: a plan that would do the cells more justice, if there is one.
  [[nodiscard]] virtual std::optional<ColumnPlan> better_plan() const = 0;

  // After the last cell. `name` is the column's; the builder is used up.
  [[nodiscard]] virtual Column finish(std::string name) = 0;
};

// `budget` must outlive the builder.
[[nodiscard]] std::unique_ptr<ColumnBuilder> make_builder(const ColumnPlan& plan, const Limits& limits,
                                                          TextBudget& budget);

}  // namespace circuit::analysis
