// A column of days or moments.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "workers/fulfillment/analysis/columns/column_builder.hpp"
#include "workers/fulfillment/analysis/columns/other_cells.hpp"
#include "workers/fulfillment/analysis/reading/moment.hpp"

namespace circuit::analysis {

class DateColumn final : public ColumnBuilder {
 public:
  DateColumn(const ColumnPlan& plan, TextBudget& budget);

  void add(std::span<const std::string_view> cells, std::size_t first_row,
           std::span<const std::uint8_t> is_kept) override;
  void add_missing(std::size_t first_row, std::size_t rows, std::size_t kept) override;
  void reserve(std::size_t rows) override { moments_us_.reserve(rows); }
  void thin(std::span<const std::uint8_t> keeps) override;
  [[nodiscard]] std::optional<ColumnPlan> better_plan() const override;
  [[nodiscard]] Column finish(std::string name) override;

 private:
  // How many dates are written in a form, and how the first of them separates its parts.
  struct FormCount {
    std::size_t count = 0;
    char separator = '-';
  };

  [[nodiscard]] std::optional<Moment> read(std::string_view cell) const;
  void note(const Moment& moment, std::string_view cell);
  void add_other(std::string_view cell, std::size_t row);
  void describe(Column& column);
  [[nodiscard]] std::size_t count() const { return rows_ - others_.missing() - others_.invalid(); }

  ColumnPlan plan_;
  std::vector<std::int64_t> moments_us_;  // of the kept rows
  std::size_t rows_ = 0;
  std::size_t in_other_order_ = 0;  // invalid ones that are dates in the other order
  std::size_t clear_ = 0;           // dates that are none in the other order
  std::size_t ambiguous_ = 0;       // dates that are others in the other order
  bool has_time_ = false;
  bool is_ascending_ = true;
  DateSummary dates_;
  std::array<FormCount, day_forms> forms_{};
  std::int64_t last_us_ = 0;
  OtherCells others_;
};

}  // namespace circuit::analysis
