#include "workers/fulfillment/analysis/reading/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <string>
#include <system_error>

#include "workers/fulfillment/analysis/reading/cell_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t cell_bytes_max = 400;  // longer ones are no numbers that anybody wrote

// One that ends like another comes before it.
constexpr std::string_view currencies[] = {"US$", "R$",  "$",   "€",   "£",   "¥",   "₹",   "₽", "₩",   "₺",
                                           "₪",   "₫",   "฿",   "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR",
                                           "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "BRL",
                                           "MXN", "ZAR", "SGD", "HKD", "KRW", "TRY", "kr",  "zł"};
constexpr std::string_view minus_sign = "−";
constexpr std::string_view separators[] = {" ", "\u00A0", "\u2009", "\u202F", "'", "’"};

// from_chars also reads "inf" and "nan"; those start with a letter and never come this far.
Number read_any_real(std::string_view magnitude, char decimal_mark) {
  std::array<char, cell_bytes_max> copy;
  if (decimal_mark != '.') {
    std::replace_copy(magnitude.begin(), magnitude.end(), copy.begin(), decimal_mark, '.');
    magnitude = {copy.data(), magnitude.size()};
  }
  double value = 0;
  const auto [end, error] = std::from_chars(magnitude.data(), magnitude.data() + magnitude.size(), value);
  if (error != std::errc{} || end != magnitude.data() + magnitude.size()) return {};
  return {NumberKind::fraction, value, {}};
}

// Up to 2^53 the digits, and up to 10^22 their power of ten, are exact as doubles, so a single division rounds
// correctly (Clinger 1990); from_chars gives the same result, several times slower.
Number read_magnitude(std::string_view magnitude, char decimal_mark) {
  std::uint64_t digits = 0;
  std::size_t digit_count = 0;
  std::size_t point = magnitude.size();
  for (std::size_t i = 0; i < magnitude.size(); ++i) {
    const unsigned digit = static_cast<unsigned char>(magnitude[i]) - unsigned{'0'};
    if (digit <= 9) {
      digits = digits * 10 + digit;
      ++digit_count;
    } else if (magnitude[i] == decimal_mark && point == magnitude.size()) {
      point = i;
    } else if ((magnitude[i] == 'e' || magnitude[i] == 'E') && digit_count > 0) {
      return read_any_real(magnitude, decimal_mark);
    } else {
      return {};
    }
  }
  if (digit_count == 0) return {};
  constexpr std::size_t uint64_digits = 19;
  const bool is_whole = point == magnitude.size();
  if (magnitude.size() > 1 && magnitude[0] == '0' && magnitude[1] >= '0' && magnitude[1] <= '9')
    return {NumberKind::leading_zero, 0, {}};
  if (digit_count <= uint64_digits && digits <= exact_integer_max) {
    if (is_whole) return {NumberKind::whole, static_cast<double>(digits), {}};
    return {NumberKind::fraction, static_cast<double>(digits) / powers_of_ten[magnitude.size() - point - 1], {}};
  }
  if (is_whole) return {NumberKind::too_large, 0, {}};
  return read_any_real(magnitude, decimal_mark);
}

bool take_front(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

bool take_back(std::string_view& text, std::string_view what) {
  if (!text.ends_with(what)) return false;
  text.remove_suffix(what.size());
  return true;
}

// Spaces of all widths at both ends.
std::string_view without_spaces(std::string_view text) {
  const auto take_any = [&](auto take) {
    return std::any_of(std::begin(separators), std::begin(separators) + 4,
                       [&](std::string_view s) { return take(text, s); });
  };
  while (take_any(take_front) || take_any(take_back)) {
  }
  return text;
}

std::string_view take_currency(std::string_view& text) {
  if (text.empty() || (is_digit(text.front()) && is_digit(text.back()))) return {};
  for (const std::string_view currency : currencies)
    if (take_front(text, currency) || take_back(text, currency)) return currency;
  return {};
}

// Digits in groups of three behind the first one to three, up to the decimal mark; the digits without the separators go
// to `out`. False if that is not how they are written.
bool join_groups(std::string_view text, char decimal_mark, std::string& out) {
  const std::string_view mark = decimal_mark == '.' ? "," : ".";
  std::string_view separator;
  std::size_t group = 0;
  std::size_t groups = 0;
  while (!text.empty() && text.front() != decimal_mark) {
    if (is_digit(text.front())) {
      out += text.front();
      text.remove_prefix(1);
      if (++group > 3) return false;
      continue;
    }
    if (separator.empty()) {
      if (text.starts_with(mark)) separator = mark;
      for (const std::string_view candidate : separators)
        if (text.starts_with(candidate)) separator = candidate;
      if (separator.empty() || group == 0) return false;
    } else if (group != 3) {
      return false;
    }
    if (!take_front(text, separator)) return false;
    group = 0;
    ++groups;
  }
  out += text;
  return groups > 0 && group == 3;
}

enum class Sign : std::uint8_t { none, plus, minus };

// In front, behind, or as brackets around a negative amount.
Sign take_sign(std::string_view& text) {
  Sign sign = Sign::none;
  if (take_front(text, "+")) {
    sign = Sign::plus;
  } else if (take_front(text, "-") || take_front(text, minus_sign) || take_back(text, "-")) {
    sign = Sign::minus;
  } else if (text.size() > 2 && text.front() == '(' && text.back() == ')') {
    text = text.substr(1, text.size() - 2);
    sign = Sign::minus;
  }
  text = without_spaces(text);
  return sign;
}

std::string_view take_unit(std::string_view& text) {
  const std::string_view unit = take_back(text, "%") ? std::string_view("%") : take_currency(text);
  text = without_spaces(text);
  return unit;
}

Number read_dressed(std::string_view cell, char decimal_mark) {
  // There is one sign at most, outside or inside of the unit.
  Sign sign = take_sign(cell);
  const std::string_view unit = take_unit(cell);
  if (sign == Sign::none) sign = take_sign(cell);
  if (cell.empty() || !(is_digit(cell.front()) || cell.front() == decimal_mark)) return {};
  Number number = read_magnitude(cell, decimal_mark);
  if (number.kind == NumberKind::none) {
    std::string joined;
    if (!join_groups(cell, decimal_mark, joined)) return {};
    number = read_magnitude(joined, decimal_mark);
    if (number.kind == NumberKind::leading_zero) return {};  // 0,123 is no code, but the other way to write a fraction
  }
  if (sign == Sign::minus && number.value != 0) number.value = -number.value;
  number.unit = unit;
  return number;
}

}  // namespace

Number read_plain_number(std::string_view cell, char decimal_mark) {
  if (cell.empty() || cell.size() > cell_bytes_max) return {};
  const bool is_negative = cell.front() == '-';
  if (is_negative || cell.front() == '+') cell.remove_prefix(1);
  if (cell.empty() || !(is_digit(cell.front()) || cell.front() == decimal_mark)) return {};
  Number number = read_magnitude(cell, decimal_mark);
  // Zero has one sign, so that -0 and 0 are not two values.
  if (is_negative && number.value != 0) number.value = -number.value;
  return number;
}

Number read_number(std::string_view cell, char decimal_mark) {
  const Number plain = read_plain_number(cell, decimal_mark);
  if (plain.kind != NumberKind::none || cell.empty() || cell.size() > cell_bytes_max) return plain;
  if (std::none_of(cell.begin(), cell.end(), is_digit)) return {};
  return read_dressed(cell, decimal_mark);
}

std::string_view unit_behind_number(std::string_view cell) {
  constexpr std::size_t unit_bytes_max = 12;
  const std::size_t end = cell.find_last_of("0123456789");
  if (end == std::string_view::npos || !read_plain_number(cell.substr(0, end + 1), decimal_point).is_number())
    return {};
  const std::string_view unit = trimmed(cell.substr(end + 1));
  if (unit.empty() || unit.size() > unit_bytes_max) return {};
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;  // such as °C
  };
  const auto is_part = [&](char c) { return is_letter(c) || c == '/' || c == ' ' || c == '.'; };
  return is_letter(unit.front()) && std::all_of(unit.begin(), unit.end(), is_part) ? unit : std::string_view{};
}

}  // namespace circuit::analysis
