// Values laid out by their position in a cycle and by the turn of the cycle (this day, week or year), and the means of
// such groups.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "workers/fulfillment/analysis/series/buckets.hpp"

namespace circuit::analysis {

struct CycleLayout {
  std::vector<std::uint8_t> position;  // of each value
  std::vector<std::uint32_t> turn;     // of each value; counted from 0 among those that occur
  std::size_t turns = 0;
  std::vector<std::size_t> counts;  // values by position

  [[nodiscard]] std::size_t positions_used() const;
};

// `observed.period` must be cycle_step(cycle).
[[nodiscard]] CycleLayout layout_of(const Observations& observed, Cycle cycle);

// Takes the mean out of each group and returns what was taken out. The values should be deviations from a common mean,
// so that plain sums of them lose nothing that matters.
template <typename Group>
std::vector<double> take_out(std::vector<double>& values, const std::vector<Group>& group_of, std::size_t groups) {
  std::vector<double> means(groups, 0);
  std::vector<double> counts(groups, 0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    means[group_of[i]] += values[i];
    ++counts[group_of[i]];
  }
  for (std::size_t g = 0; g < groups; ++g)
    if (counts[g] > 0) means[g] /= counts[g];
  for (std::size_t i = 0; i < values.size(); ++i) values[i] -= means[group_of[i]];
  return means;
}

[[nodiscard]] double sum_of_products(std::span<const double> a, std::span<const double> b);

}  // namespace circuit::analysis
