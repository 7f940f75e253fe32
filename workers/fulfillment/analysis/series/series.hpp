// What a file's dates say: how many rows there are in each period, and how its numbers change with time.
//
// At most `series_dates_max` date columns are used, the ones with most different values, and for each of them the
// `series_numbers_max` numbers that depend most on time (or up to `series_short_max`, if all of them together have no
// more steps than so many long ones). Takes time and memory proportional to rows times columns
// looked at; a season is looked for in at most `fine_periods_max` periods.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "workers/fulfillment/analysis/columns/values.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

inline constexpr std::size_t series_dates_max = 2;
inline constexpr std::size_t series_numbers_max = 12;
inline constexpr std::size_t series_short_max = 36;
inline constexpr std::size_t steps_of_numbers_max = 4800;

// `columns` and `values` belong together, index by index; the values are those of all rows or of an even sample, in
// which case counts are scaled up to all rows. For each date: first the counts, if rows come as events do and not on a
// schedule, then the numbers in the order of the columns. A trend's p and a season's say how sure they are; seasons
// that are not (season.hpp) are left out.
[[nodiscard]] std::vector<TimeSeries> find_series(std::span<const ColumnSummary> columns,
                                                  std::span<const ColumnValues> values);

}  // namespace circuit::analysis
