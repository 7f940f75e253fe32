// Where in the ledger the line stands that says how a key stands. Open addressing with linear probing, 16 bytes an
// entry, at most four fifths full: 20 to 40 bytes a key, 4 MiB for 200,000. Keys themselves are not kept: equal hashes
// are told apart by reading the line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "workers/sandbox/ledger_line.hpp"

namespace circuit::sandbox {

class KeyIndex {
 public:
  struct Place {
    std::uint64_t offset = 0;  // of the line's first byte
    LedgerOp op = LedgerOp::none;
  };

  KeyIndex() : entries_(16) {}

  [[nodiscard]] static std::uint64_t hash(const ChargeKey& key);

  // The slot with this hash for which `is_it(place)` holds. A key that has no entry costs a read only when its 64 bits
  // are those of another.
  template <class IsIt>
  [[nodiscard]] std::optional<std::size_t> find(std::uint64_t hash, const IsIt& is_it) const {
    for (std::size_t at = hash & mask(); entries_[at].used(); at = (at + 1) & mask())
      if (entries_[at].hash == hash && is_it(entries_[at].place())) return at;
    return std::nullopt;
  }

  [[nodiscard]] Place at(std::size_t slot) const { return entries_[slot].place(); }
  void set(std::size_t slot, Place place) { entries_[slot].set(place); }
  // The key must not be there.
  void insert(std::uint64_t hash, Place place);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const { return entries_.capacity() * sizeof(Entry); }

 private:
  struct Entry {
    std::uint64_t hash = 0;
    std::uint64_t packed = 0;  // offset and op; 0: free, because no op is 0
    [[nodiscard]] bool used() const { return packed != 0; }
    [[nodiscard]] Place place() const { return {packed >> 3, static_cast<LedgerOp>(packed & 7)}; }
    void set(Place place) { packed = place.offset << 3 | static_cast<std::uint64_t>(place.op); }
  };
  static_assert(sizeof(Entry) == 16);

  [[nodiscard]] std::size_t mask() const { return entries_.size() - 1; }
  [[nodiscard]] std::size_t free_slot(std::uint64_t hash) const;
  void grow();

  std::vector<Entry> entries_;  // a power of two
  std::size_t size_ = 0;
};

}  // namespace circuit::sandbox
