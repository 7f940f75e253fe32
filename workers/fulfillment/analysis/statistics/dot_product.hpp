// The sum of the products of two series, value by value.
#pragma once

#include <cstddef>

#include "workers/fulfillment/analysis/statistics/lanes.hpp"

namespace circuit::analysis {

// Of the first `size` values of both. Long series are given in blocks, see block_values.
[[nodiscard]] inline double dot_product(const double* x, const double* y, std::size_t size) {
  constexpr std::size_t pairs = 4;
  Pair sums[pairs]{};
  std::size_t i = 0;
  for (; i + 2 * pairs <= size; i += 2 * pairs)
    for (std::size_t k = 0; k < pairs; ++k) sums[k] += load_pair(x + i + 2 * k) * load_pair(y + i + 2 * k);
  double sum = 0;
  for (; i < size; ++i) sum += x[i] * y[i];
  const Pair total = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  return sum + total[0] + total[1];
}

}  // namespace circuit::analysis
