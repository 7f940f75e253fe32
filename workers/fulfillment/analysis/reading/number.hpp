// What a cell says as a number: plain, or dressed with thousands separators, a percent or currency sign.
//
// Cautious on purpose: a cell counts as a number only if nothing is lost by treating it as one. Codes with leading
// zeros, whole numbers that a double cannot hold exactly, numbers that overflow it and numbers with a unit in letters
// ("12 kg") do not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace circuit::analysis {

// The largest magnitude up to which a double holds every whole number: 2^53.
inline constexpr std::uint64_t exact_integer_max = 9'007'199'254'740'992;

enum class NumberKind : std::uint8_t {
  none,          // not a number
  leading_zero,  // digits that begin with a zero: a code
  too_large,     // a whole number beyond exact_integer_max: an identifier
  whole,         // written without a decimal mark and an exponent
  fraction       // written with one
};

struct Number {
  NumberKind kind = NumberKind::none;
  double value = 0;       // the nearest double to what is written
  std::string_view unit;  // "%" or the currency as written; a view of a constant

  [[nodiscard]] bool is_number() const { return kind >= NumberKind::whole; }
};

// The decimal mark of the two families of formats: 1,234.56 and 1.234,56. Spaces and apostrophes separate thousands in
// both.
inline constexpr char decimal_point = '.';
inline constexpr char decimal_comma = ',';

// Ten to this power, and all smaller ones, are exact as doubles.
inline constexpr double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                           1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// The short and plain numbers that most cells hold: [-]digits[mark digits], without a leading zero, exact by a single
// division. False for all else, which read_plain_number() and read_number() may still read. Inline, because it is what
// an analysis of numbers spends most of its time in.
[[nodiscard]] inline bool read_short_number(std::string_view cell, char decimal_mark, double& value,
                                            bool& is_fraction) {
  constexpr std::size_t length_max = 16;  // the digits of 2^53
  if (cell.empty() || cell.size() > length_max) return false;
  const char* at = cell.data();
  const char* const end = at + cell.size();
  const bool is_negative = *at == '-';
  if (is_negative) ++at;
  const char* const whole = at;
  std::uint64_t digits = 0;
  const auto take_digits = [&] {
    for (; at != end; ++at) {
      const unsigned digit = static_cast<unsigned char>(*at) - unsigned{'0'};
      if (digit > 9) return;
      digits = digits * 10 + digit;
    }
  };
  take_digits();
  const auto whole_digits = at - whole;
  if (whole_digits == 0 || (*whole == '0' && whole_digits > 1)) return false;
  is_fraction = at != end;
  std::size_t decimals = 0;
  if (is_fraction) {
    if (*at != decimal_mark) return false;
    const char* const fraction = ++at;
    take_digits();
    if (at != end) return false;
    decimals = static_cast<std::size_t>(at - fraction);
  }
  if (digits > exact_integer_max) return false;
  const double magnitude = static_cast<double>(digits);
  value = decimals == 0 ? magnitude : magnitude / powers_of_ten[decimals];
  if (is_negative && digits != 0) value = -value;
  return true;
}

// digits [mark digits] [exponent], with an optional sign. Expects a trimmed cell.
[[nodiscard]] Number read_plain_number(std::string_view cell, char decimal_mark);

// A plain number, or one with thousands separators (groups of three), a sign behind it, brackets for a negative amount,
// a percent sign, a currency sign or code. Expects a trimmed cell.
[[nodiscard]] Number read_number(std::string_view cell, char decimal_mark);

// "12 kg", "3.5km/h": a plain number and, behind it, letters that name a unit. The unit, or nothing.
[[nodiscard]] std::string_view unit_behind_number(std::string_view cell);

}  // namespace circuit::analysis
