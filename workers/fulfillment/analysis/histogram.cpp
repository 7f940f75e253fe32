#include "workers/fulfillment/analysis/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace circuit::analysis {
namespace {

// Counting between edges by search keeps counts and edges consistent to the last bit, without a division that could
// overflow.
void count_between_edges(std::span<const double> sorted, Histogram& histogram) {
  auto from = sorted.begin();
  for (std::size_t i = 1; i < histogram.edges.size(); ++i) {
    const bool is_last = i + 1 == histogram.edges.size();
    const auto to = is_last ? sorted.end() : std::lower_bound(from, sorted.end(), histogram.edges[i]);
    histogram.counts.push_back(static_cast<std::size_t>(to - from));
    from = to;
  }
}

}  // namespace

std::size_t bins_for(std::size_t n) {
  constexpr std::size_t bins_max = 24;
  return n < 2 ? 1 : std::min<std::size_t>(bins_max, static_cast<std::size_t>(std::bit_width(n - 1)) + 1);
}

Histogram real_histogram(std::span<const double> sorted) {
  Histogram histogram;
  const double low = sorted.front();
  const double high = sorted.back();
  const std::size_t bins = low == high ? 1 : bins_for(sorted.size());
  for (std::size_t i = 0; i <= bins; ++i)
    histogram.edges.push_back(std::lerp(low, high, static_cast<double>(i) / static_cast<double>(bins)));
  count_between_edges(sorted, histogram);
  return histogram;
}

Histogram integer_histogram(std::span<const double> sorted) {
  Histogram histogram;
  const double low = sorted.front();
  const double numbers = sorted.back() - low + 1;
  const double width = std::ceil(numbers / static_cast<double>(bins_for(sorted.size())));
  const std::size_t bins = static_cast<std::size_t>(std::ceil(numbers / width));
  for (std::size_t i = 0; i <= bins; ++i) histogram.edges.push_back(low + width * static_cast<double>(i));
  count_between_edges(sorted, histogram);
  return histogram;
}

}  // namespace circuit::analysis
