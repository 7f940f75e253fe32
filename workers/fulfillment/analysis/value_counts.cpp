#include "workers/fulfillment/analysis/value_counts.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <random>

namespace circuit::analysis {
namespace {

// Differs in every process, so that nobody can prepare a file whose values all collide. It decides where an
// entry is stored, never what is reported.
std::uint64_t process_seed() {
  static const std::uint64_t seed = [] {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
  }();
  return seed;
}

__extension__ using Wide = unsigned __int128;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t load(const char* data, std::size_t size) {
  std::uint64_t word = 0;
  std::memcpy(&word, data, size);
  return word;
}

std::uint64_t hash_of(std::string_view text) {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15u;
  std::uint64_t hash = mix(process_seed() ^ text.size(), odd);
  const char* data = text.data();
  std::size_t left = text.size();
  for (; left > 8; data += 8, left -= 8) hash = mix(hash ^ load(data, 8), odd);
  return mix(hash ^ load(data, left), process_seed() | 1);
}

}  // namespace

ValueCounts::ValueCounts(std::size_t distinct_max)
    : distinct_max_(std::clamp<std::size_t>(distinct_max, 1, std::numeric_limits<std::uint32_t>::max() - 1)),
      slots_(64) {}

void ValueCounts::add(std::string_view value) {
  const std::uint64_t hash = hash_of(value);
  const std::size_t slot = find_slot(value, hash);
  if (slots_[slot] != 0) {
    ++entries_[slots_[slot] - 1].count;
  } else if (entries_.size() == distinct_max_) {
    is_complete_ = false;
  } else {
    entries_.push_back({value, hash, 1});
    slots_[slot] = static_cast<std::uint32_t>(entries_.size());
    if (entries_.size() * 2 > slots_.size()) grow();
  }
}

std::vector<ValueCounts::Entry> ValueCounts::top(std::size_t entries_max) const {
  std::vector<Entry> sorted = entries_;
  const std::size_t size = std::min(entries_max, sorted.size());
  std::partial_sort(
      sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(size), sorted.end(),
      [](const Entry& a, const Entry& b) { return a.count != b.count ? a.count > b.count : a.value < b.value; });
  sorted.resize(size);
  return sorted;
}

// The slot that holds `value`, or the free one where it belongs.
std::size_t ValueCounts::find_slot(std::string_view value, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot] != 0) {
    const Entry& entry = entries_[slots_[slot] - 1];
    if (entry.hash == hash && entry.value == value) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

void ValueCounts::grow() {
  slots_.assign(slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = entries_[i].hash & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace circuit::analysis
