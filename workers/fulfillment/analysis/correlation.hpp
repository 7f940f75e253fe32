// Pearson correlations between the numeric columns of a table.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "workers/fulfillment/analysis/column.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// The work grows with the square of the number of columns, so only the first ones of a very wide table are compared.
inline constexpr std::size_t correlated_columns_max = 64;

struct Correlations {
  std::vector<Correlation> pairs;  // strongest |r| first, then in the order of the columns
  std::size_t undefined = 0;
};

// Each pair over the rows in which both have a value. `series` must not hold more than correlated_columns_max.
[[nodiscard]] Correlations correlate(std::span<const Series> series);

}  // namespace circuit::analysis
