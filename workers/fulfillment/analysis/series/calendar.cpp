#include "workers/fulfillment/analysis/series/calendar.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace circuit::analysis {
namespace {

constexpr std::int64_t hour_us = 3'600'000'000;
constexpr std::int64_t day_us = 24 * hour_us;
// 1970-01-01 was a Thursday, three days after a Monday.
constexpr std::int64_t days_since_monday = 3;

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
constexpr std::int64_t floor_mod(std::int64_t a, std::int64_t b) { return a - floor_div(a, b) * b; }

std::int64_t month_number(std::int64_t moment_us) {
  const std::chrono::sys_days day{std::chrono::days(floor_div(moment_us, day_us))};
  const std::chrono::year_month_day date(day);
  return std::int64_t{static_cast<int>(date.year())} * 12 + static_cast<unsigned>(date.month()) - 1;
}

std::int64_t month_start_us(std::int64_t number) {
  const std::chrono::year year(static_cast<int>(floor_div(number, 12)));
  const std::chrono::month month(static_cast<unsigned>(floor_mod(number, 12) + 1));
  return std::chrono::sys_days(year / month / 1).time_since_epoch().count() * day_us;
}

}  // namespace

std::int64_t period_number(std::int64_t moment_us, Period period) {
  switch (period) {
    case Period::hour: return floor_div(moment_us, hour_us);
    case Period::day: return floor_div(moment_us, day_us);
    case Period::week: return floor_div(floor_div(moment_us, day_us) + days_since_monday, 7);
    case Period::month: return month_number(moment_us);
    case Period::quarter: return floor_div(month_number(moment_us), 3);
    case Period::year: break;
  }
  return floor_div(month_number(moment_us), 12);
}

std::int64_t period_start_us(std::int64_t number, Period period) {
  switch (period) {
    case Period::hour: return number * hour_us;
    case Period::day: return number * day_us;
    case Period::week: return (number * 7 - days_since_monday) * day_us;
    case Period::month: return month_start_us(number);
    case Period::quarter: return month_start_us(number * 3);
    case Period::year: break;
  }
  return month_start_us(number * 12);
}

double periods_per_year(Period period) {
  switch (period) {
    case Period::hour: return year_us / static_cast<double>(hour_us);
    case Period::day: return year_us / static_cast<double>(day_us);
    case Period::week: return year_us / static_cast<double>(7 * day_us);
    case Period::month: return 12;
    case Period::quarter: return 4;
    case Period::year: break;
  }
  return 1;
}

const char* period_name(Period period) {
  constexpr std::array names{"hour", "day", "week", "month", "quarter", "year"};
  return names[static_cast<std::size_t>(period)];
}

std::size_t cycle_length(Cycle cycle) {
  constexpr std::array<std::size_t, 3> lengths{24, 7, 12};
  return lengths[static_cast<std::size_t>(cycle)];
}

Period cycle_step(Cycle cycle) {
  constexpr std::array steps{Period::hour, Period::day, Period::month};
  return steps[static_cast<std::size_t>(cycle)];
}

std::size_t cycle_position(std::int64_t number, Cycle cycle) {
  const std::int64_t shift = cycle == Cycle::day_of_week ? days_since_monday : 0;
  return static_cast<std::size_t>(floor_mod(number + shift, static_cast<std::int64_t>(cycle_length(cycle))));
}

std::int64_t cycle_number(std::int64_t number, Cycle cycle) {
  const std::int64_t shift = cycle == Cycle::day_of_week ? days_since_monday : 0;
  return floor_div(number + shift, static_cast<std::int64_t>(cycle_length(cycle)));
}

std::string position_name(Cycle cycle, std::size_t position) {
  constexpr std::array days{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  constexpr std::array months{"January", "February", "March",     "April",   "May",      "June",
                              "July",    "August",   "September", "October", "November", "December"};
  switch (cycle) {
    case Cycle::hour_of_day: return fmt::format("{:02}:00", position);
    case Cycle::day_of_week: return days.at(position);
    case Cycle::month_of_year: break;
  }
  return months.at(position);
}

}  // namespace circuit::analysis
