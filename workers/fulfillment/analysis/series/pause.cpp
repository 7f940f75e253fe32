#include "workers/fulfillment/analysis/series/pause.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "workers/fulfillment/analysis/series/calendar.hpp"

namespace circuit::analysis {
namespace {

// Empty buckets between two that have rows.
struct Run {
  std::size_t last = 0;
  std::size_t next = 0;

  [[nodiscard]] std::size_t length() const { return next > last ? next - last - 1 : 0; }
};

// The longest and the second longest. The first and the last bucket have rows.
std::pair<Run, Run> longest_runs(const Buckets& buckets) {
  std::pair<Run, Run> longest;
  std::size_t last = 0;
  for (std::size_t i = 1; i < buckets.size(); ++i) {
    if (buckets.rows[i] == 0) continue;
    const Run run{std::exchange(last, i), i};
    if (run.length() > longest.first.length()) {
      longest.second = std::exchange(longest.first, run);
    } else if (run.length() > longest.second.length()) {
      longest.second = run;
    }
  }
  return longest;
}

double expected_runs(const Buckets& buckets, std::size_t length) {
  const auto periods = static_cast<double>(buckets.size());
  const auto empty = static_cast<double>(buckets.size() - count_occupied(buckets) - length);
  // Half a period stands for none.
  return periods * std::pow(std::max(empty, 0.5) / periods, static_cast<double>(length));
}

}  // namespace

std::optional<Pause> find_pause(const Buckets& buckets) {
  constexpr double expected_max = 0.001;
  const auto [longest, second] = longest_runs(buckets);
  if (longest.length() < 2 || second.length() * 2 > longest.length()) return std::nullopt;
  if (expected_runs(buckets, longest.length()) > expected_max) return std::nullopt;
  const auto start_us = [&](std::size_t bucket) {
    return period_start_us(buckets.first + static_cast<std::int64_t>(bucket), buckets.period);
  };
  return Pause{start_us(longest.last), start_us(longest.next), buckets.period, longest.length()};
}

}  // namespace circuit::analysis
