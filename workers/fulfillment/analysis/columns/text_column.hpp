// A column of texts: categories, identifiers, free text, and what has no values at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "workers/fulfillment/analysis/columns/column_builder.hpp"

namespace circuit::analysis {

// Text is a category if its values recur: at most this many different ones, and each at least twice on average.
inline constexpr std::size_t category_values_max = 1000;

class TextColumn final : public ColumnBuilder {
 public:
  TextColumn(const ColumnPlan& plan, std::size_t distinct_max, TextBudget& budget);

  void add(std::span<const std::string_view> cells, std::size_t first_row,
           std::span<const std::uint8_t> is_kept) override;
  void add_missing(std::size_t first_row, std::size_t rows, std::size_t kept) override;
  void reserve(std::size_t rows) override { codes_.reserve(rows); }
  void thin(std::span<const std::uint8_t> keeps) override;
  [[nodiscard]] std::optional<ColumnPlan> better_plan() const override;
  [[nodiscard]] Column finish(std::string name) override;

 private:
  [[nodiscard]] std::size_t count() const { return rows_ - missing_; }
  void look_up(std::span<const std::string_view> cells, std::size_t first_row);
  void judge(ColumnSummary& summary) const;
  void judge_distinct(ColumnSummary& summary) const;
  [[nodiscard]] bool are_codes() const;
  [[nodiscard]] bool are_names() const;
  void keep_labels(ColumnValues& values);

  ColumnPlan plan_;
  TextCounts counts_;
  std::vector<std::string_view> present_;  // of the block at hand: the cells, and their hashes; none for a missing one
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> codes_;  // of the kept rows: the index in counts_ plus one, 0 for none
  bool has_codes_ = true;             // false once there are too many different values for a category
  std::size_t rows_ = 0;
  std::size_t missing_ = 0;
  std::size_t code_points_ = 0;
  std::size_t length_min_ = SIZE_MAX;
  std::size_t length_max_ = 0;
  MissingBands missing_bands_;
};

}  // namespace circuit::analysis
