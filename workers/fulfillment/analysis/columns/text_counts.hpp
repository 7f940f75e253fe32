// Counts how often each text occurs, for up to a fixed number of different texts, and keeps a copy of each.
//
// Texts are told apart by 64 bits of hash (XXH3) and their length; of a long one only the start is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace circuit::analysis {

// Bytes that all columns' different texts may take together.
struct TextBudget {
  std::size_t bytes_left = 0;
};

class TextCounts {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;
  static constexpr std::size_t kept_bytes_max = 1024;

  struct Entry {
    std::string_view text;  // as kept
    std::size_t bytes = 0;
    std::size_t code_points = 0;
    std::size_t count = 0;
    std::uint64_t hash = 0;
  };

  // A limit of 0 counts as 1: a column that has values has a most frequent one. `budget` must outlive this object.
  TextCounts(std::size_t distinct_max, TextBudget& budget);

  [[nodiscard]] static std::uint64_t hash_of(std::string_view text);
  // A text with this hash will be added soon: with many different texts, memory is what takes the time.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }

  // The text's index in entries(). Once the limit or the budget is used up, further new texts get `none` and
  // is_complete() turns false; the known ones go on counting exactly.
  std::uint32_t add(std::string_view text) { return add(text, hash_of(text)); }
  std::uint32_t add(std::string_view text, std::uint64_t hash);

  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] bool is_complete() const { return is_complete_; }
  // Indices of the most frequent ones; equally frequent ones in the order of their bytes.
  [[nodiscard]] std::vector<std::uint32_t> top(std::size_t entries_max) const;

 private:
  // A slot without an entry has index 0; otherwise it is the entry's plus one. The tag spares most look-ups of entries
  // that are others.
  struct Slot {
    std::uint32_t index = 0;
    std::uint32_t tag = 0;
  };
  [[nodiscard]] std::size_t slot_of(std::uint64_t hash, std::size_t bytes) const;
  [[nodiscard]] std::string_view keep(std::string_view text);
  void grow();

  std::size_t distinct_max_;
  TextBudget& budget_;
  bool is_complete_ = true;
  std::vector<Entry> entries_;
  std::vector<Slot> slots_;
  std::vector<std::unique_ptr<char[]>> pages_;
  std::size_t page_left_ = 0;
};

}  // namespace circuit::analysis
