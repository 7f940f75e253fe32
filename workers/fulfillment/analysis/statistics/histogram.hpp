// How values are spread: counts in bins whose edges people like to read.
//
// The rule for all of them: bins as wide as Freedman and Diaconis (1981) ask for, 2 IQR / n^(1/3), or Sturges (1926),
// range / (log2 n + 1), where the IQR is 0; at most a fifth of the range, and no more than 60 bins over it. Of the
// round widths, the nearest in ratio is taken, and every edge is a multiple of it.
//
// Edges ascend strictly and are finite; every value is in a bin. Where numbers are so large, so small or so close
// together that no round edges lie between them, bins are of equal width from the least value to the greatest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

inline constexpr std::size_t bins_min = 5;
inline constexpr std::size_t bins_max = 60;
inline constexpr std::size_t single_wholes_max = 12;

// Round widths are 1, 2, 2.5 and 5 times a power of ten. If all values are whole numbers, so is the width: bins of 1.5
// would show combs that the data does not have; the last edge is above the maximum. Up to 12 whole numbers, such as
// grades from 0 to 10, have a bin each. A single value has one bin around it. `sorted` must be ascending and not empty.
[[nodiscard]] Distribution histogram(std::span<const double> sorted, bool are_whole);

// Of moments in µs. Round widths are 1, 2, 5, 10, 15 and 30 seconds or minutes, 1, 2, 3, 6 and 12 hours, 1 and 2 days,
// 1 and 2 weeks from a Monday, and calendar months, quarters, half years, years, 2, 5, 10 … years; at least a day if
// all are days. The last edge is above the last moment. `sorted` must be ascending and not empty.
[[nodiscard]] Distribution moment_histogram(std::span<const std::int64_t> sorted, bool are_days);

// What the rule asks for, before rounding. `range` must be positive.
[[nodiscard]] double rule_width(double interquartile_range, double range, std::size_t n);

// How far a round width is from the one that was asked for: 0 is best, infinity if it makes too many bins.
[[nodiscard]] double width_badness(double width, double asked, double bins);

}  // namespace circuit::analysis
