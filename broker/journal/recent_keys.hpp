// Idempotency keys that are not yet in their table: a bounded hash table in memory, one of a few generations.
// Open addressing with linear probing; the keys are hashes already.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "broker/journal/journal.hpp"

namespace circuit::journal {

class RecentKeys {
 public:
  struct Entry {
    IdempotencyKey key{};
    schema::Uuid order;  // nil: free
  };

  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] std::optional<schema::Uuid> find(const IdempotencyKey& key) const {
    if (slots_.empty()) return std::nullopt;
    const Entry& entry = slots_[slot_of(key)];
    return entry.order == schema::nil_uuid ? std::nullopt : std::optional(entry.order);
  }

  // Nothing when the key was not there yet, and now is; otherwise its order, and nothing changed.
  std::optional<schema::Uuid> insert(const IdempotencyKey& key, const schema::Uuid& order) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    Entry& entry = slots_[slot_of(key)];
    if (entry.order != schema::nil_uuid) return entry.order;
    entry = {key, order};
    ++size_;
    return std::nullopt;
  }

  // All entries in the order of their keys; empties the table and gives its memory back.
  [[nodiscard]] std::vector<Entry> take_sorted() {
    std::erase_if(slots_, [](const Entry& entry) { return entry.order == schema::nil_uuid; });
    std::sort(slots_.begin(), slots_.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
    size_ = 0;
    return std::exchange(slots_, {});
  }

 private:
  [[nodiscard]] std::size_t home_of(const IdempotencyKey& key) const {
    std::uint64_t hash;
    std::memcpy(&hash, key.data(), sizeof hash);
    return hash & (slots_.size() - 1);
  }
  [[nodiscard]] std::size_t next(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }
  [[nodiscard]] std::size_t slot_of(const IdempotencyKey& key) const {
    std::size_t slot = home_of(key);
    while (slots_[slot].order != schema::nil_uuid && slots_[slot].key != key) slot = next(slot);
    return slot;
  }
  void grow() {
    std::vector<Entry> old = std::exchange(slots_, std::vector<Entry>(std::max<std::size_t>(1024, slots_.size() * 2)));
    for (const Entry& entry : old)
      if (entry.order != schema::nil_uuid) slots_[slot_of(entry.key)] = entry;
  }

  std::vector<Entry> slots_;
  std::size_t size_ = 0;
};

}  // namespace circuit::journal
