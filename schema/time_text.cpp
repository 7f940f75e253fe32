#include "schema/time_text.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace circuit::schema {
namespace {

constexpr std::uint64_t us_per_second = 1'000'000;
constexpr std::uint64_t us_per_day = 86'400 * us_per_second;

// Days are counted from 1 March of the year -400: a year that begins in March has its leap day at
// its end, and 400 years are one whole cycle, so that nothing below is ever negative.
constexpr std::uint32_t cycle_years = 400;
constexpr std::uint32_t days_to_year_zero = 146'097 - 60;  // from there to 0000-01-01, a leap year
constexpr std::uint32_t march = 3;

struct Date {
  std::uint32_t year, month, day;
};

// Division with remainder by the average lengths of century, year and month, as in Neri and
// Schneider, "Euclidean affine functions and their application to calendar algorithms" (2022).
constexpr Date date_of(std::uint32_t days) noexcept {
  const std::uint32_t in_centuries = 4 * days + 3;
  const std::uint32_t century = in_centuries / 146'097;
  const std::uint32_t in_years = in_centuries % 146'097 / 4 * 4 + 3;
  const std::uint32_t year = 100 * century + in_years / 1461;
  const std::uint32_t day_of_year = in_years % 1461 / 4;
  const std::uint32_t month = (5 * day_of_year + 2) / 153;
  const std::uint32_t day = day_of_year - (153 * month + 2) / 5 + 1;
  const bool next_year = month >= 10;
  return {year + next_year - cycle_years, next_year ? month - 9 : month + march, day};
}

constexpr std::uint32_t days_of(const Date& date) noexcept {
  const bool last_year = date.month < march;
  const std::uint32_t year = date.year + cycle_years - last_year;
  const std::uint32_t month = last_year ? date.month + 9 : date.month - march;
  return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date.day - 1;
}
static_assert(days_of({0, 1, 1}) == days_to_year_zero);
static_assert(static_cast<std::int64_t>((days_of({1970, 1, 1}) - days_to_year_zero) * us_per_day) == -time_text_us_min);

constexpr std::uint32_t days_in_month(std::uint32_t year, std::uint32_t month) noexcept {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

constexpr std::array<char, 200> digit_pairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

void write_pair(char* out, std::uint32_t value) noexcept { std::copy_n(digit_pairs.data() + 2 * value, 2, out); }

constexpr std::string_view shape = "0000-00-00T00:00:00.000000Z";
static_assert(shape.size() == time_text_bytes);

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Whether the text has digits where the shape has them and the shape's own character elsewhere.
bool has_shape(std::string_view text) noexcept {
  return std::ranges::equal(text, shape, [](char c, char want) { return want == '0' ? is_digit(c) : c == want; });
}

std::uint32_t number(std::string_view digits) noexcept {
  std::uint32_t value = 0;
  for (const char digit : digits) value = value * 10 + static_cast<std::uint32_t>(digit - '0');
  return value;
}

}  // namespace

void write_time_text(std::int64_t time_us, std::span<char, time_text_bytes> out) {
  if (time_us < time_text_us_min || time_us > time_text_us_max) {
    throw std::out_of_range("a time outside the years 0000 to 9999 has no RFC 3339 text");
  }
  const auto since_year_zero = static_cast<std::uint64_t>(time_us - time_text_us_min);
  const Date date = date_of(static_cast<std::uint32_t>(since_year_zero / us_per_day) + days_to_year_zero);
  const std::uint64_t of_day = since_year_zero % us_per_day;
  const auto second = static_cast<std::uint32_t>(of_day / us_per_second);
  const auto us = static_cast<std::uint32_t>(of_day % us_per_second);

  std::ranges::copy(shape, out.begin());
  write_pair(&out[0], date.year / 100);
  write_pair(&out[2], date.year % 100);
  write_pair(&out[5], date.month);
  write_pair(&out[8], date.day);
  write_pair(&out[11], second / 3600);
  write_pair(&out[14], second / 60 % 60);
  write_pair(&out[17], second % 60);
  write_pair(&out[20], us / 10'000);
  write_pair(&out[22], us / 100 % 100);
  write_pair(&out[24], us % 100);
}

std::string time_text(std::int64_t time_us) {
  std::array<char, time_text_bytes> text;
  write_time_text(time_us, text);
  return {text.data(), text.size()};
}

std::optional<std::int64_t> parse_time_text(std::string_view text) noexcept {
  if (!has_shape(text)) return std::nullopt;
  const Date date{number(text.substr(0, 4)), number(text.substr(5, 2)), number(text.substr(8, 2))};
  if (date.month < 1 || date.month > 12) return std::nullopt;
  if (date.day < 1 || date.day > days_in_month(date.year, date.month)) return std::nullopt;

  const std::uint32_t hour = number(text.substr(11, 2));
  const std::uint32_t minute = number(text.substr(14, 2));
  const std::uint32_t second = number(text.substr(17, 2));
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;

  const std::uint64_t of_day = (hour * 3600 + minute * 60 + second) * us_per_second + number(text.substr(20, 6));
  const std::uint64_t since_year_zero = (days_of(date) - days_to_year_zero) * us_per_day + of_day;
  return static_cast<std::int64_t>(since_year_zero) + time_text_us_min;
}

}  // namespace circuit::schema
