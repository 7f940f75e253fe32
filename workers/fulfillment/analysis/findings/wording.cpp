#include "workers/fulfillment/analysis/findings/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "workers/fulfillment/analysis/series/calendar.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"
#include "workers/fulfillment/analysis/text/utf8.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t quoted_code_points_max = 40;

// Such as 4.2 for 4.2371, but 4237 for 4237.1.
double rounded(double value, int digits) {
  if (value == 0 || !std::isfinite(value)) return value;
  const int decimals = digits - 1 - static_cast<int>(std::floor(std::log10(std::fabs(value))));
  if (decimals <= 0) return std::round(value);
  if (decimals > 300) return value;
  const double unit = std::pow(10, decimals);
  return std::isfinite(value * unit) ? std::round(value * unit) / unit : value;
}

bool stands_before(std::string_view unit) {
  constexpr std::string_view before[] = {"$", "€", "£", "¥"};
  return std::ranges::find(before, unit) != std::end(before);
}

}  // namespace

std::string in_quotes(std::string_view text) { return fmt::format("“{}”", clip(text, quoted_code_points_max)); }

std::string quoted_list(std::span<const std::string> texts, std::size_t named_max) {
  std::string list;
  // One that is left out is named as shortly as it is counted.
  const std::size_t named = texts.size() <= named_max + 1 ? texts.size() : named_max;
  for (std::size_t i = 0; i < named; ++i) {
    const bool is_last = i + 1 == texts.size();
    list += (i == 0 ? "" : is_last ? " and " : ", ") + in_quotes(texts[i]);
  }
  if (named < texts.size()) list += fmt::format(" and {} more", readable_text(texts.size() - named));
  return list;
}

std::string about(double value) { return readable_text(rounded(value, 3)); }

std::string amount(double value, const ColumnSummary& column) {
  const std::string unit = column.numbers ? column.numbers->unit : "";
  if (unit.empty()) return about(value);
  if (stands_before(unit)) return (value < 0 ? "-" : "") + unit + about(std::fabs(value));
  return about(value) + (unit == "%" ? "" : " ") + unit;
}

double round_step(double value) {
  const double unit = std::pow(10, std::floor(std::log10(value)));
  const double lead = value / unit;
  // The geometric means between 1, 2, 5 and 10.
  return unit * (lead < std::sqrt(2) ? 1 : lead < std::sqrt(10) ? 2 : lead < std::sqrt(50) ? 5 : 10);
}

std::string period_text(std::int64_t start_us, Period period) {
  constexpr std::array quarters{"first", "second", "third", "fourth"};
  const auto month_number = period_number(start_us, Period::month);
  const auto month = cycle_position(month_number, Cycle::month_of_year);
  const auto year = cycle_number(month_number, Cycle::month_of_year);
  const std::chrono::sys_days date(std::chrono::days(period_number(start_us, Period::day)));
  const std::string day =
      fmt::format("{:04}-{:02}-{:02}", year, month + 1, static_cast<unsigned>(std::chrono::year_month_day(date).day()));
  switch (period) {
    case Period::hour: {
      const auto hour = cycle_position(period_number(start_us, Period::hour), Cycle::hour_of_day);
      return fmt::format("{} on {}", position_name(Cycle::hour_of_day, hour), day);
    }
    case Period::day: return day;
    case Period::week: return "the week of " + day;
    case Period::month: return fmt::format("{} {}", position_name(Cycle::month_of_year, month), year);
    case Period::quarter: return fmt::format("the {} quarter of {}", quarters[month / 3], year);
    case Period::year: break;
  }
  return fmt::format("{}", year);
}

std::string when_text(std::int64_t start_us, Period period) {
  const char* word = period == Period::hour ? "at" : period == Period::day ? "on" : "in";
  return fmt::format("{} {}", word, period_text(start_us, period));
}

std::string position_text(Cycle cycle, std::size_t position) {
  const std::string name = position_name(cycle, position);
  switch (cycle) {
    case Cycle::hour_of_day: return "at " + name;
    case Cycle::day_of_week: return "on " + name + "s";
    case Cycle::month_of_year: break;
  }
  return "in " + name;
}

}  // namespace circuit::analysis
