// Sorting numbers in time proportional to how many there are.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace circuit::analysis {

// The memory that sorting works in. Who sorts many columns keeps one: fresh memory costs more than the sorting.
struct SortSpace {
  std::vector<double> numbers;
  std::vector<std::uint32_t> wholes;
  std::vector<std::uint32_t> spare_wholes;
};

// Ascending; finite numbers only. Zeros may lose their sign.
void sort_numbers(std::vector<double>& values, SortSpace& space);
void sort_numbers(std::vector<double>& values);

// An unsigned number that is ordered as the double is: negative numbers are stored with all bits to flip, others with
// the sign.
[[nodiscard]] inline std::uint64_t order_key(double value) {
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(value);
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

[[nodiscard]] inline std::uint32_t high_half(double value) {
  return static_cast<std::uint32_t>(order_key(value) >> 32);
}

}  // namespace circuit::analysis
