#include "ops/cli/text.hpp"

#include <fmt/format.h>

#include <chrono>

#include "schema/money.hpp"
#include "schema/time_text.hpp"

namespace circuit::cli {

std::string money_text(std::int64_t amount_minor, std::string_view currency) {
  const auto known = schema::parse_currency(currency);
  if (!known) return fmt::format("{} minor units of {}", amount_minor, currency);
  return schema::format_money({amount_minor, *known});
}

std::string money_text(const Json& json) { return money_text(integer_of(json, "amount"), string_of(json, "currency")); }

std::string duration_text(std::int64_t duration_us) {
  constexpr std::int64_t second = 1'000'000;
  constexpr std::int64_t minute = 60 * second;
  constexpr std::int64_t hour = 60 * minute;
  constexpr std::int64_t day = 24 * hour;
  if (duration_us < 0) return "-" + duration_text(-duration_us);
  const double us = static_cast<double>(duration_us);
  if (duration_us < 1'000) return fmt::format("{} µs", duration_us);
  if (duration_us < 100'000) return fmt::format("{:.1f} ms", us / 1e3);
  if (duration_us < second) return fmt::format("{:.0f} ms", us / 1e3);
  if (duration_us < minute) return fmt::format("{:.2f} s", us / 1e6);
  if (duration_us < hour) return fmt::format("{} min {} s", duration_us / minute, duration_us % minute / second);
  if (duration_us < day) return fmt::format("{} h {} min", duration_us / hour, duration_us % hour / minute);
  return fmt::format("{} d {} h", duration_us / day, duration_us % day / hour);
}

std::string moment_text(std::int64_t time_us, std::int64_t now_us) {
  if (time_us == 0) return "-";
  const std::string text = schema::time_text(time_us);
  if (time_us <= now_us) return text + " (" + duration_text(now_us - time_us) + " ago)";
  return text + " (in " + duration_text(time_us - now_us) + ")";
}

std::string percent_text(double part_of_one) { return fmt::format("{:.1f} %", part_of_one * 100); }

std::string bytes_text(std::uint64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (bytes < 1'000) return fmt::format("{} B", bytes);
  if (bytes < 1'000'000) return fmt::format("{:.1f} kB", value / 1e3);
  if (bytes < 1'000'000'000) return fmt::format("{:.1f} MB", value / 1e6);
  return fmt::format("{:.1f} GB", value / 1e9);
}

std::int64_t now_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::int64_t integer_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string string_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace circuit::cli
