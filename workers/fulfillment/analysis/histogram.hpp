// Equal-width bins over sorted numbers.
//
// Bin i counts edges[i] <= x < edges[i + 1]; the last bin also holds its upper edge. edges.size() == counts.size() + 1.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace circuit::analysis {

struct Histogram {
  std::vector<double> edges;
  std::vector<std::size_t> counts;
};

// Sturges' rule (1926): ceil(log2 n) + 1, here at most 24.
[[nodiscard]] std::size_t bins_for(std::size_t n);

// Both: `sorted` must be ascending and not empty.
[[nodiscard]] Histogram real_histogram(std::span<const double> sorted);

// For whole numbers up to 2^53: every bin spans equally many of them, as bins of 1.5 would show combs that the data
// does not have. The last edge may lie above the maximum.
[[nodiscard]] Histogram integer_histogram(std::span<const double> sorted);

}  // namespace circuit::analysis
