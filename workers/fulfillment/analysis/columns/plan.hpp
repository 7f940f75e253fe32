// What a column is expected to hold, judged by some of its cells. Every column is read with a plan; when its cells do
// not bear the plan out, the file is read once more with a better one.
//
// A column has a type if at least nine tenths of its values bear it out; the others are reported. Digits with leading
// zeros and whole numbers beyond 2^53 make a column one of codes: it is text from the first of a hundred on. So are
// whole numbers in a column whose name says that they name something, such as a customer_id or a zip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "workers/fulfillment/analysis/reading/header.hpp"
#include "workers/fulfillment/analysis/reading/moment.hpp"

namespace circuit::analysis {

enum class Expectation : std::uint8_t { text, number, date, compact_day };

struct ColumnPlan {
  Expectation expects = Expectation::text;
  char decimal_mark = '.';
  bool mark_is_assumed = false;  // the other mark reads all of its numbers, too
  std::string_view unit;         // "%" or a currency, a constant: numbers with another one are none; may be empty
  bool is_whole = false;         // numbers without a fraction, a unit and a sign
  bool has_codes = false;        // the column's name says that its whole numbers are codes
  DayOrder order = DayOrder::month_first;
  bool order_is_assumed = false;  // no date and no succession of dates speaks for one

  bool operator==(const ColumnPlan&) const = default;
};

// Whether so many of the values are enough for a type. Of no values, none are.
[[nodiscard]] bool is_most(std::size_t count, std::size_t values);
// Whether so many codes among the values make all of them codes.
[[nodiscard]] bool has_codes(std::size_t codes, std::size_t values);

// A cell, and how often it occurs.
struct CountedCell {
  std::string_view text;  // trimmed
  std::size_t count = 1;
};

// Cells should be in the order of the file, if they have one: an ambiguous day/month order is settled by what ascends.
[[nodiscard]] ColumnPlan plan_column(std::span<const CountedCell> cells);

// The plan that does justice to the column's name, which may be empty: codes that recur among the cells are read as
// texts, because they may be a category; others as numbers, which takes less time.
[[nodiscard]] ColumnPlan with_name(ColumnPlan plan, std::string_view name, std::span<const CountedCell> cells);

// One plan a column. Where both decimal marks fit, or both orders of day and month, the columns that are clear decide
// for the others.
[[nodiscard]] std::vector<ColumnPlan> plan_columns(const Records& sample, bool has_header, std::size_t columns,
                                                   char delimiter);

}  // namespace circuit::analysis
