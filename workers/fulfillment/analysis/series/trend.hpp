// Does a value rise or fall over time?
#pragma once

#include <optional>
#include <span>

#include "workers/fulfillment/analysis/series/buckets.hpp"

namespace circuit::analysis {

// Below six values a line fits anything.
inline constexpr std::size_t trend_values_min = 6;

// A straight line through the values after the seasons are taken out. p is of a t test of its slope with the effective
// sample size of Santer et al. 2000 (autocorrelation.hpp); each season's estimated positions cost their degrees of
// freedom too. 1 if nothing is left to test with. Nothing for too few values or where all are equal.
[[nodiscard]] std::optional<Trend> find_trend(const Observations& observed, std::span<const Season> seasons);

}  // namespace circuit::analysis
