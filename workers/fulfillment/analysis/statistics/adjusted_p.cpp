#include "workers/fulfillment/analysis/statistics/adjusted_p.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace circuit::analysis {

std::vector<double> benjamini_hochberg(std::span<const double> p) {
  std::vector<std::size_t> falling(p.size());
  std::iota(falling.begin(), falling.end(), std::size_t{0});
  std::ranges::sort(falling, [&](std::size_t a, std::size_t b) { return p[a] > p[b]; });
  std::vector<double> adjusted(p.size());
  double smallest = 1;
  for (std::size_t i = 0; i < falling.size(); ++i) {
    const std::size_t rank = falling.size() - i;
    smallest = std::min(smallest, p[falling[i]] * static_cast<double>(p.size()) / static_cast<double>(rank));
    adjusted[falling[i]] = smallest;
  }
  return adjusted;
}

}  // namespace circuit::analysis
