// Counts the rows that are, byte for byte, like an earlier one. By 64 bits of hash: among a million different rows, the
// chance that any two are taken for the same is one in thirty million.
//
// Once there are too many different ones to remember, only those are remembered whose hash falls into an ever smaller
// part of all hashes; then the count is an estimate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace circuit::analysis {

class DuplicateRows {
 public:
  DuplicateRows() = default;
  // So many hashes are remembered; at least 2.
  explicit DuplicateRows(std::size_t hashes_max) : hashes_max_(hashes_max) {}

  void add(std::span<const std::uint64_t> hashes);

  // So far.
  [[nodiscard]] std::size_t count();
  [[nodiscard]] bool is_exact() const { return mask_ == 0; }

 private:
  void count_repeats();

  std::size_t hashes_max_ = std::size_t{1} << 22;
  std::vector<std::uint64_t> hashes_;
  std::uint64_t mask_ = 0;  // of the bits that must be 0
  std::size_t repeats_ = 0;
};

}  // namespace circuit::analysis
