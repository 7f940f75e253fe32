// What a cell says as a day or a moment in time.
//
//   YYYY-MM-DD (or / or .), YYYY-MM, D/M/Y or M/D/Y (or . or -; two-digit years as in POSIX strptime: 69 to 99 are
//   19xx), 5 Jan 2020, 05-Jan-2020, Jan 5, 2020, January 2020, with an English day of the week in front or not; then,
//   after a T, a comma or spaces, H:MM[:SS[.fraction]] [AM|PM] and Z, UTC or an offset.
//
// The calendar is checked (no 30 February). Without an offset, as if it were UTC.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace circuit::analysis {

// How 03/04/2020 is read.
enum class DayOrder : std::uint8_t { month_first, day_first };

enum class DayForm : std::uint8_t {
  year_first,
  compact,
  year_and_month,
  small_first,
  day_and_name,
  name_first,
  name_and_year
};
inline constexpr std::size_t day_forms = 7;

// What a date says about the order of day and month.
enum class OrderEvidence : std::uint8_t {
  none,       // the form has one order, or both are the same day: 05/05/2020
  ambiguous,  // read in the other order, it would be another day
  clear       // it can be read in this order alone
};

struct Moment {
  std::int64_t us = 0;  // since 1970-01-01T00:00 UTC
  bool has_time = false;
  DayForm form = DayForm::year_first;
  char separator = '-';  // between the parts of the day, where it has any
  OrderEvidence order = OrderEvidence::none;
};

// Expects a trimmed cell.
[[nodiscard]] std::optional<Moment> read_moment(std::string_view cell, DayOrder order);

// 20240131: eight digits that are a day from 1900 to 2100.
[[nodiscard]] std::optional<Moment> read_compact_day(std::string_view cell);

// How such dates are written, such as YYYY-MM-DD or MM/DD/YYYY HH:MM.
[[nodiscard]] std::string format_name(DayForm form, char separator, DayOrder order, bool has_time);

}  // namespace circuit::analysis
