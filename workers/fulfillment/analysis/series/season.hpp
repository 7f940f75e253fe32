// Does a value depend on the hour of the day, the day of the week or the month of the year?
//
// The model is additive: value = straight line + turn (this day, week or year) + position in the cycle + rest. The
// share is eta squared: what the positions explain of the variance around the line. The turns' own levels are taken out
// before the positions are compared (a design with blocks), so that a slow wave of another length is not taken for a
// season. For p see season_p.hpp.
#pragma once

#include <optional>
#include <vector>

#include "workers/fulfillment/analysis/series/buckets.hpp"

namespace circuit::analysis {

inline constexpr double season_p_max = 0.01;
inline constexpr double season_share_min = 0.05;

// `observed.period` must be cycle_step(cycle). Nothing where the data are too few (two full years, eight weeks of days,
// seven days of hours; at least half of the positions that occur at all must be there), or the cycle explains too
// little.
[[nodiscard]] std::optional<Season> find_season(const Observations& observed, Cycle cycle);

// What the season adds to the value of a period, compared with an average one; 0 for periods that hold whole cycles.
[[nodiscard]] double season_effect(const Season& season, std::int64_t number, Period period);

}  // namespace circuit::analysis
