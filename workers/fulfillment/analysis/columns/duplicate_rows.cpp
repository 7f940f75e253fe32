#include "workers/fulfillment/analysis/columns/duplicate_rows.hpp"

#include <algorithm>

#include "workers/fulfillment/analysis/statistics/radix_sort.hpp"

namespace circuit::analysis {

void DuplicateRows::add(std::span<const std::uint64_t> hashes) {
  for (const std::uint64_t hash : hashes)
    if ((hash & mask_) == 0) hashes_.push_back(hash);
  if (hashes_.size() < hashes_max_) return;
  count_repeats();
  // Half of the room must be free, or the next few rows would be sorted in among all others again.
  while (hashes_.size() > hashes_max_ / 2) {
    mask_ = mask_ * 2 + 1;
    std::erase_if(hashes_, [&](std::uint64_t hash) { return (hash & mask_) != 0; });
  }
}

std::size_t DuplicateRows::count() {
  count_repeats();
  return repeats_;
}

// Each stands for as many as there are parts of the hashes.
void DuplicateRows::count_repeats() {
  std::vector<std::uint64_t> spare;
  radix_sort(hashes_, spare, [](std::uint64_t hash) { return hash; });
  const auto end = std::unique(hashes_.begin(), hashes_.end());
  repeats_ += static_cast<std::size_t>(hashes_.end() - end) * (mask_ + 1);
  hashes_.erase(end, hashes_.end());
}

}  // namespace circuit::analysis
