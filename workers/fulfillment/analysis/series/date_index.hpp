// One date column, made ready for series: which period each row falls into, and which periods suit it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "workers/fulfillment/analysis/columns/values.hpp"
#include "workers/fulfillment/analysis/series/buckets.hpp"

namespace circuit::analysis {

inline constexpr std::uint32_t no_bucket = UINT32_MAX;
// The finest periods that are kept: hours of 11 years, days of 273.
inline constexpr std::size_t fine_periods_max = 100'000;
inline constexpr std::size_t steps_max = 400;

struct DateIndex {
  Buckets fine;                       // rows by hour or day, if they are not too many; else by month or year
  std::vector<std::uint32_t> bucket;  // of each row, in `fine`; no_bucket without a date
  Cover cover;  // whole days for days, whole months for dates of which each month has but one, and so on; with gaps
                // between them, up to two typical distances more on both sides
  Period display = Period::day;  // for the steps that are shown
  bool is_schedule = false;      // rows come as regularly as a clock: their count per period says nothing
  std::optional<Pause> pause;
  std::size_t rows_left_out = 0;  // their dates lie far away from all others, as a placeholder or a slip does
};

// `is_days`: no moment has a time of day. Nothing if there are fewer than two different fine periods.
[[nodiscard]] std::optional<DateIndex> index_dates(std::span<const std::int64_t> moments_us, bool is_days);

}  // namespace circuit::analysis
