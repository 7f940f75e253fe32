// A column of numbers: they are kept as doubles, and what is not a number is counted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "workers/fulfillment/analysis/columns/column_builder.hpp"
#include "workers/fulfillment/analysis/columns/other_cells.hpp"
#include "workers/fulfillment/analysis/columns/unit_counts.hpp"
#include "workers/fulfillment/analysis/reading/number.hpp"
#include "workers/fulfillment/analysis/statistics/moments.hpp"

namespace circuit::analysis {

class NumberColumn final : public ColumnBuilder {
 public:
  NumberColumn(const ColumnPlan& plan, TextBudget& budget);

  void add(std::span<const std::string_view> cells, std::size_t first_row,
           std::span<const std::uint8_t> is_kept) override;
  void add_missing(std::size_t first_row, std::size_t rows, std::size_t kept) override;
  void reserve(std::size_t rows) override { values_.reserve(rows); }
  void thin(std::span<const std::uint8_t> keeps) override;
  [[nodiscard]] std::optional<ColumnPlan> better_plan() const override;
  [[nodiscard]] Column finish(std::string name) override;

 private:
  [[nodiscard]] double read_other(std::string_view cell, std::size_t row);
  [[nodiscard]] bool accept_unit(std::string_view unit);
  void note_rows(std::size_t first_row);
  void weigh_mark(std::span<const std::string_view> cells);
  void keep(std::span<const std::uint8_t> is_kept);
  void describe(Column& column);
  void judge(ColumnSummary& summary, const Moments& moments) const;
  [[nodiscard]] NumberSummary summarize(const Moments& moments, std::span<const double> sorted) const;
  void become_boolean(Column& column);
  [[nodiscard]] std::size_t count() const { return rows_ - others_.missing() - others_.invalid(); }

  ColumnPlan plan_;
  char other_mark_;
  std::vector<double> values_;  // of the kept rows; NaN where there is none
  std::vector<double> block_;   // of the rows at hand
  std::size_t rows_ = 0;
  std::size_t codes_ = 0;      // among the invalid ones
  std::size_t dressed_ = 0;    // numbers that are long, or have more than digits and a mark
  std::size_t fractions_ = 0;  // written with a decimal mark or an exponent
  bool is_whole_ = true;       // nevertheless, no number has a fraction
  bool counts_rows_ = true;    // the numbers are those of the rows, counted from the first one on
  double first_number_ = 0;
  std::size_t for_other_mark_ = 0;  // invalid ones that it reads
  std::size_t for_this_mark_ = 0;   // numbers that the other one does not read; only if the mark is assumed
  std::size_t weighed_ = 0;
  std::size_t zeros_ = 0;
  std::size_t negatives_ = 0;
  UnitCounts units_;
  bool is_sampled_ = false;
  Moments streamed_;  // of all values, once only some of them are kept
  OtherCells others_;
};

}  // namespace circuit::analysis
