// The pairs of number columns: (0, 1), (0, 2) … (1, 2) … That is the order of all results about them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "workers/fulfillment/analysis/relations/compared_columns.hpp"

namespace circuit::analysis {

struct NumberPair {
  std::size_t first;
  std::size_t second;
  bool is_complete;  // neither column misses a value
};

[[nodiscard]] inline std::vector<NumberPair> number_pairs(std::span<const ComparedNumbers> columns) {
  std::vector<NumberPair> pairs;
  for (std::size_t i = 0; i < columns.size(); ++i)
    for (std::size_t j = i + 1; j < columns.size(); ++j)
      pairs.push_back({i, j, columns[i].is_complete && columns[j].is_complete});
  return pairs;
}

// What a row of all pairs costs, if one of a complete pair costs 1.
[[nodiscard]] inline std::size_t row_cost(std::span<const NumberPair> pairs, std::size_t cost_of_missing) {
  std::size_t cost = 0;
  for (const NumberPair& pair : pairs) cost += pair.is_complete ? 1 : cost_of_missing;
  return cost;
}

}  // namespace circuit::analysis
