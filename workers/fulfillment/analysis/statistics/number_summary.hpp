// All figures of a column of numbers.
#pragma once

#include <span>

#include "workers/fulfillment/analysis/statistics/moments.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// `all` are the moments of every value; `sorted` the values in ascending order, or an even sample of them. Neither may
// be empty. The unit is left empty, and the zeros and negatives are those of `sorted`: whoever gives a sample knows
// them better.
[[nodiscard]] NumberSummary summarize_numbers(const Moments& all, std::span<const double> sorted);

}  // namespace circuit::analysis
