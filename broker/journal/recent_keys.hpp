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

  // All entries in the order of their keys.
  [[nodiscard]] std::vector<Entry> sorted() const {
    std::vector<Entry> entries;
    entries.reserve(size_);
    for (const Entry& entry : slots_)
      if (entry.order != schema::nil_uuid) entries.push_back(entry);
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
    return entries;
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

// Keys that were looked for and are nowhere: whoever looked for one creates its order next, and need not look again.
// It forgets some, which costs a look.
class AbsentKeys {
 public:
  void add(const IdempotencyKey& key) { slot_of(key) = key; }
  // Whether it is known to be nowhere. Then it is about to be somewhere, so it is forgotten.
  [[nodiscard]] bool take(const IdempotencyKey& key) {
    IdempotencyKey& slot = slot_of(key);
    if (slot != key) return false;
    slot = {};
    return true;
  }

 private:
  static constexpr std::size_t slots = 8'192;
  [[nodiscard]] IdempotencyKey& slot_of(const IdempotencyKey& key) {
    std::uint64_t hash;
    std::memcpy(&hash, key.data(), sizeof hash);
    return keys_[hash % slots];
  }
  std::vector<IdempotencyKey> keys_ = std::vector<IdempotencyKey>(slots);
};

}  // namespace circuit::journal
