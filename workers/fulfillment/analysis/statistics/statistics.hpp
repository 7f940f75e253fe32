// The statistics of a list of numbers in one include, for callers that have no Moments at hand.
#pragma once

#include <optional>
#include <span>

#include "workers/fulfillment/analysis/statistics/moments.hpp"
#include "workers/fulfillment/analysis/statistics/order.hpp"
#include "workers/fulfillment/analysis/statistics/sort_numbers.hpp"

namespace circuit::analysis {

[[nodiscard]] inline double mean(std::span<const double> values) { return mean(moments_of(values)); }

[[nodiscard]] inline std::optional<double> sample_standard_deviation(std::span<const double> values) {
  return standard_deviation(moments_of(values));
}

}  // namespace circuit::analysis
