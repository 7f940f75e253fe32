// What a single cell says: nothing, a number, a yes or no, a moment in time, or just text.
//
// Cautious on purpose: a cell counts as a number only if nothing is lost by treating it as one. Codes with leading
// zeros, whole numbers that a double cannot hold exactly, and numbers that overflow it stay text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace circuit::analysis {

// The largest magnitude up to which a double holds every whole number: 2^53.
inline constexpr std::uint64_t exact_integer_max = 9'007'199'254'740'992;

[[nodiscard]] std::string_view trimmed(std::string_view cell);

// Expects a trimmed cell. "None" is a value: in real data it names a category (no damage, no allergy).
[[nodiscard]] bool is_missing(std::string_view cell);
inline constexpr std::string_view missing_markers[] = {"",    "-",   "NA",   "N/A",  "n/a", "#N/A",
                                                       "NaN", "nan", "NULL", "Null", "null"};

struct Number {
  double value;
  bool is_integer;
};
// Expects a trimmed cell. Decimal point, optional sign and exponent; no thousands separators.
[[nodiscard]] std::optional<Number> parse_number(std::string_view cell);

enum class Truth : std::uint8_t { neither, true_or_false, yes_or_no };
// Case is ignored. 0 and 1 are numbers.
[[nodiscard]] Truth parse_truth(std::string_view cell);

// Microseconds since 1970-01-01T00:00 of YYYY-MM-DD, YYYY/MM/DD or DD.MM.YYYY, optionally followed (after a T or a
// space) by HH:MM[:SS[.fraction]] and Z or an offset; without an offset, as if it were UTC. Day and month in the order
// of 03/04/2020 are a guess, so that form is not a date.
[[nodiscard]] std::optional<std::int64_t> parse_date(std::string_view cell);

}  // namespace circuit::analysis
