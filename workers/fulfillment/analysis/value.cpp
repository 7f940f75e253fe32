#include "workers/fulfillment/analysis/value.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <system_error>

namespace circuit::analysis {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t'; }

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
         });
}

// digits [point digits], without a sign, and the value of its digits as one whole number.
struct Plain {
  std::uint64_t digits = 0;
  std::size_t digit_count = 0;
  std::size_t decimals = 0;
  bool has_point = false;
};

// Nothing if there is anything else in the text, such as an exponent. `digits` wraps around beyond 19 digits.
std::optional<Plain> scan_plain(std::string_view magnitude) {
  Plain plain;
  for (const char c : magnitude) {
    if (is_digit(c)) {
      plain.digits = plain.digits * 10 + static_cast<std::uint64_t>(c - '0');
      ++plain.digit_count;
      plain.decimals += plain.has_point;
    } else if (c == '.' && !plain.has_point) {
      plain.has_point = true;
    } else {
      return std::nullopt;
    }
  }
  return plain;
}

// from_chars also reads "inf" and "nan"; those start with a letter and never come this far.
std::optional<double> read_any_real(std::string_view magnitude) {
  double value = 0;
  const auto [end, error] = std::from_chars(magnitude.data(), magnitude.data() + magnitude.size(), value);
  if (error != std::errc{} || end != magnitude.data() + magnitude.size()) return std::nullopt;
  return value;
}

// Up to 15 digits and their power of ten are exact as doubles, so a single division rounds correctly (Clinger 1990);
// from_chars gives the same result, several times slower.
std::optional<double> read_real(std::string_view magnitude, const std::optional<Plain>& plain) {
  constexpr double powers_of_ten[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  if (!plain || plain->digit_count == 0 || plain->digit_count > 15) return read_any_real(magnitude);
  return static_cast<double>(plain->digits) / powers_of_ten[plain->decimals];
}

}  // namespace

std::string_view trimmed(std::string_view cell) {
  while (!cell.empty() && is_space(cell.front())) cell.remove_prefix(1);
  while (!cell.empty() && is_space(cell.back())) cell.remove_suffix(1);
  return cell;
}

bool is_missing(std::string_view cell) {
  constexpr std::size_t longest = 4;
  if (cell.size() > longest || (!cell.empty() && is_digit(cell.front()))) return false;
  return std::find(std::begin(missing_markers), std::end(missing_markers), cell) != std::end(missing_markers);
}

std::optional<Number> parse_number(std::string_view cell) {
  if (cell.size() > 1 && cell[0] == '+' && cell[1] != '-') cell.remove_prefix(1);
  const bool is_negative = !cell.empty() && cell.front() == '-';
  const std::string_view magnitude = cell.substr(is_negative ? 1 : 0);
  if (magnitude.empty() || !(is_digit(magnitude[0]) || magnitude[0] == '.')) return std::nullopt;
  if (magnitude.size() > 1 && magnitude[0] == '0' && is_digit(magnitude[1])) return std::nullopt;

  const auto plain = scan_plain(magnitude);
  const bool is_integer = plain && !plain->has_point;
  constexpr std::size_t exact_digits_max = 16;
  if (is_integer && (plain->digit_count > exact_digits_max || plain->digits > exact_integer_max)) return std::nullopt;
  const auto value = is_integer ? static_cast<double>(plain->digits) : read_real(magnitude, plain);
  if (!value) return std::nullopt;
  // Zero has one sign, so that -0 and 0 are not two values.
  return Number{is_negative && *value != 0 ? -*value : *value, is_integer};
}

Truth parse_truth(std::string_view cell) {
  if (equals_ignoring_case(cell, "true") || equals_ignoring_case(cell, "false")) return Truth::true_or_false;
  if (equals_ignoring_case(cell, "yes") || equals_ignoring_case(cell, "no")) return Truth::yes_or_no;
  return Truth::neither;
}

}  // namespace circuit::analysis
