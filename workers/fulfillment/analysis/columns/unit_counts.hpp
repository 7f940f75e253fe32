// How often each unit stands at a column's numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace circuit::analysis {

class UnitCounts {
 public:
  // `unit` must be a constant, and not empty.
  void add(std::string_view unit, std::size_t count) {
    const auto known = std::find_if(counts_.begin(), counts_.end(), [&](const auto& one) { return one.unit == unit; });
    if (known == counts_.end())
      counts_.push_back({unit, count});
    else
      known->count += count;
    total_ += count;
  }

  struct Count {
    std::string_view unit;  // empty if there was none
    std::size_t count = 0;
  };
  // Of equally frequent ones, the one that came first.
  [[nodiscard]] Count most_frequent() const {
    Count most;
    for (const Count& count : counts_)
      if (count.count > most.count) most = count;
    return most;
  }
  [[nodiscard]] std::size_t count_of(std::string_view unit) const {
    for (const Count& count : counts_)
      if (count.unit == unit) return count.count;
    return 0;
  }
  [[nodiscard]] std::size_t total() const { return total_; }

 private:
  std::vector<Count> counts_;
  std::size_t total_ = 0;
};

}  // namespace circuit::analysis
