#include "workers/sandbox/key_index.hpp"

#include <cstring>

namespace circuit::sandbox {

std::uint64_t KeyIndex::hash(const ChargeKey& key) {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, key.order.bytes.data(), sizeof high);
  std::memcpy(&low, key.order.bytes.data() + sizeof high, sizeof low);
  // The finaliser of splitmix64 (Steele, Lea, Flood 2014) over all the key's bits.
  std::uint64_t mixed = low ^ (high << 32 | high >> 32) ^ key.attempt * 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
  return mixed ^ mixed >> 31;
}

std::size_t KeyIndex::free_slot(std::uint64_t hash) const {
  std::size_t at = hash & mask();
  while (entries_[at].used()) at = (at + 1) & mask();
  return at;
}

void KeyIndex::insert(std::uint64_t hash, Place place) {
  if ((size_ + 1) * 5 > entries_.size() * 4) grow();
  Entry& entry = entries_[free_slot(hash)];
  entry.hash = hash;
  entry.set(place);
  ++size_;
}

void KeyIndex::grow() {
  std::vector<Entry> old(entries_.size() * 2);
  old.swap(entries_);
  for (const Entry& entry : old)
    if (entry.used()) entries_[free_slot(entry.hash)] = entry;
}

}  // namespace circuit::sandbox
