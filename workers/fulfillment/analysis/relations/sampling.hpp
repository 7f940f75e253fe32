// Rows that stand for all when all are too many to compare.
//
// An even sample takes every n-th row, so the same rows of every column, and the same ones in every run.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace circuit::analysis {

// The i-th of `size` rows that are spread evenly over `rows`. At most 2^32 of each.
[[nodiscard]] inline std::size_t sampled_row(std::size_t i, std::size_t rows, std::size_t size) {
  return i * rows / size;
}

template <typename Value>
[[nodiscard]] std::vector<Value> even_sample(std::span<const Value> values, std::size_t size) {
  std::vector<Value> sample(size);
  for (std::size_t i = 0; i < size; ++i) sample[i] = values[sampled_row(i, values.size(), size)];
  return sample;
}

// How many rows can be compared if each costs `cost` and all together may cost `budget`.
[[nodiscard]] inline std::size_t rows_within(std::size_t budget, std::size_t cost, std::size_t rows) {
  return cost == 0 ? rows : std::min(rows, budget / cost);
}

}  // namespace circuit::analysis
