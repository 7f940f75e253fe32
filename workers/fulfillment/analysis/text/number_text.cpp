#include "workers/fulfillment/analysis/text/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include "workers/fulfillment/analysis/reading/number.hpp"

namespace circuit::analysis {
namespace {

// Room for any double in these forms: fixed notation is only asked for below 1e15.
using Buffer = char[64];

bool is_exact_integer(double value) {
  return value == std::trunc(value) && std::fabs(value) <= static_cast<double>(exact_integer_max);
}

std::string grouped(std::string digits) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t at = point; at > first + 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string without_trailing_zeros(std::string digits) {
  if (digits.find('.') == std::string::npos) return digits;
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits == "-0" ? "0" : digits;
}

}  // namespace

std::string exact_text(double value) {
  if (is_exact_integer(value)) return fmt::format("{}", static_cast<std::int64_t>(value));
  Buffer buffer;
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

std::string readable_text(double value) {
  constexpr int digits = 6;
  const double magnitude = std::fabs(value);
  if (is_exact_integer(value) && magnitude < 1e15) return grouped(exact_text(value));
  Buffer buffer;
  if (magnitude >= 1e15 || magnitude < 1e-4)
    return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, digits).ptr};
  const int decimals = std::max(0, digits - 1 - static_cast<int>(std::floor(std::log10(magnitude))));
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, decimals).ptr;
  return grouped(without_trailing_zeros({buffer, end}));
}

std::string readable_text(std::size_t value) { return grouped(fmt::format("{}", value)); }

std::string percent_text(std::size_t part, std::size_t whole) {
  if (whole == 0 || part == 0) return "0%";
  if (part == whole) return "100%";
  const double percent = 100 * static_cast<double>(part) / static_cast<double>(whole);
  if (percent < 0.1) return "<0.1%";
  if (percent > 99.9) return ">99.9%";
  return fmt::format("{:.1f}%", percent);
}

std::string share_text(double share) {
  const double percent = 100 * share;
  if (share <= 0) return "0%";
  if (share >= 1) return "100%";
  if (percent < 0.1) return "<0.1%";
  if (percent > 99.9) return ">99.9%";
  if (percent < 9.95 || percent > 99) return fmt::format("{:.1f}%", percent);
  return fmt::format("{:.0f}%", percent);
}

std::string counted(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", readable_text(count), noun, count == 1 ? "" : "s");
}

std::string moment_text(std::int64_t us_since_1970, bool is_day) {
  const std::chrono::sys_time<std::chrono::microseconds> moment{std::chrono::microseconds(us_since_1970)};
  const auto midnight = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day day(midnight);
  std::string text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                                 static_cast<unsigned>(day.day()));
  if (is_day) return text;
  const std::chrono::hh_mm_ss time(moment - midnight);
  text += fmt::format("T{:02}:{:02}:{:02}", time.hours().count(), time.minutes().count(), time.seconds().count());
  if (time.subseconds().count() != 0) text += fmt::format(".{:06}", time.subseconds().count());
  return text + "Z";
}

}  // namespace circuit::analysis
