#include "workers/fulfillment/analysis/series/cycle_layout.hpp"

#include <algorithm>

#include "workers/fulfillment/analysis/series/calendar.hpp"

namespace circuit::analysis {

std::size_t CycleLayout::positions_used() const {
  return counts.size() - static_cast<std::size_t>(std::ranges::count(counts, std::size_t{0}));
}

CycleLayout layout_of(const Observations& observed, Cycle cycle) {
  CycleLayout layout;
  layout.position.reserve(observed.size());
  layout.turn.reserve(observed.size());
  layout.counts.resize(cycle_length(cycle));
  std::int64_t last = 0;
  for (const std::int64_t number : observed.numbers) {
    const std::int64_t turn = cycle_number(number, cycle);
    if (layout.turns == 0 || turn != last) ++layout.turns;
    last = turn;
    layout.position.push_back(static_cast<std::uint8_t>(cycle_position(number, cycle)));
    layout.turn.push_back(static_cast<std::uint32_t>(layout.turns - 1));
    ++layout.counts[layout.position.back()];
  }
  return layout;
}

double sum_of_products(std::span<const double> a, std::span<const double> b) {
  Compensated<double> sum;
  for (std::size_t i = 0; i < a.size(); ++i) sum.add(a[i] * b[i]);
  return sum.total();
}

}  // namespace circuit::analysis
