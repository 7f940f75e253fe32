// Pairs of doubles that the processor works on at once, for sums over millions of values.
//
// The vector extension of GCC and Clang: SSE2 on every x86-64. A loop says how many pairs it keeps, so the order in
// which its values are added is the same on every machine.
#pragma once

#include <cstddef>
#include <cstring>

namespace circuit::analysis {

using Pair = double __attribute__((vector_size(16)));

inline Pair load_pair(const double* from) {
  Pair pair;
  std::memcpy(&pair, from, sizeof pair);
  return pair;
}

inline Pair both(double value) { return Pair{value, value}; }

// Sums over long series are taken in blocks of this many values, and the blocks' sums are added with compensation:
// that bounds the rounding of a sum by that of a block.
inline constexpr std::size_t block_values = 4096;

}  // namespace circuit::analysis
