// Does a value rise or fall over time?
#pragma once

#include <optional>
#include <span>

#include "workers/fulfillment/analysis/series/buckets.hpp"

namespace circuit::analysis {

// Below six values a line fits anything.
inline constexpr std::size_t trend_values_min = 6;

// A straight line through the values after the seasons are taken out.
//
// Its p allows for values that follow their neighbours. Two t tests are made, each with the effective sample size of
// Santer et al. 2000 (autocorrelation.hpp): one of the line's slope, which is sharp where the rest beside the line soon
// forgets; and one of the mean step between neighbours, which is sharp where the rest wanders like a random walk (both
// are compared in Woodward and Gray 1993, Journal of Climate 6, 953-962). p is twice the smaller one (Bonferroni). The
// seasons' estimated positions cost their degrees of freedom; p is 1 if none are left. Nothing for too few values, or
// where all are equal.
[[nodiscard]] std::optional<Trend> find_trend(const Observations& observed, std::span<const Season> seasons);

}  // namespace circuit::analysis
