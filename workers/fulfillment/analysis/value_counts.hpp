// Counts how often each text occurs, for up to a fixed number of distinct texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace circuit::analysis {

class ValueCounts {
 public:
  struct Entry {
    std::string_view value;
    std::uint64_t hash = 0;
    std::size_t count = 0;
  };

  // A limit of 0 counts as 1: a column that has values has a most frequent one.
  explicit ValueCounts(std::size_t distinct_max);

  // Once `distinct_max` texts are known, further new ones are not counted and is_complete() turns false; the known ones
  // go on counting exactly. `value` must outlive this object.
  void add(std::string_view value);

  [[nodiscard]] std::size_t distinct() const { return entries_.size(); }
  [[nodiscard]] bool is_complete() const { return is_complete_; }
  // The most frequent first; equally frequent ones in the order of their bytes.
  [[nodiscard]] std::vector<Entry> top(std::size_t entries_max) const;

 private:
  [[nodiscard]] std::size_t find_slot(std::string_view value, std::uint64_t hash) const;
  void grow();

  std::size_t distinct_max_;
  bool is_complete_ = true;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  // index into entries_ plus one; 0 is free
};

}  // namespace circuit::analysis
