// Periods and cycles of the civil calendar in UTC (std::chrono's proleptic Gregorian one; weeks begin on Monday as in
// ISO 8601).
//
// Periods are numbered through: number n + 1 is the period right after number n. Moments are µs since
// 1970-01-01T00:00 UTC and must lie in the years -9999 to 9999.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

[[nodiscard]] std::int64_t period_number(std::int64_t moment_us, Period period);

// The first moment of a period.
[[nodiscard]] std::int64_t period_start_us(std::int64_t number, Period period);

// The Gregorian calendar repeats after 400 years of 365.2425 days on average.
inline constexpr double year_us = 365.2425 * 86'400e6;

// How many periods of this kind a year has on average.
[[nodiscard]] double periods_per_year(Period period);

// hour, day, week, month, quarter, year.
[[nodiscard]] const char* period_name(Period period);

// ---- cycles ----

// 24, 7 or 12.
[[nodiscard]] std::size_t cycle_length(Cycle cycle);

// The period of which a cycle has `cycle_length`: hour, day, month.
[[nodiscard]] Period cycle_step(Cycle cycle);

// 0 is midnight, Monday, January. `number` counts periods of the kind `cycle_step(cycle)`.
[[nodiscard]] std::size_t cycle_position(std::int64_t number, Cycle cycle);

// Which time around it is: the day of an hour, the week of a day, the year of a month.
[[nodiscard]] std::int64_t cycle_number(std::int64_t number, Cycle cycle);

// 14:00, Monday, January.
[[nodiscard]] std::string position_name(Cycle cycle, std::size_t position);

}  // namespace circuit::analysis
