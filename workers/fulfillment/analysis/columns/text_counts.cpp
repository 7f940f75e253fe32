#include "workers/fulfillment/analysis/columns/text_counts.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "workers/fulfillment/analysis/text/utf8.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t first_slots = 64;
constexpr std::size_t page_bytes = 64 * 1024;
constexpr std::size_t first_page_bytes = 2 * 1024;

// The low bits choose the slot.
std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

}  // namespace

TextCounts::TextCounts(std::size_t distinct_max, TextBudget& budget)
    : distinct_max_(std::clamp<std::size_t>(distinct_max, 1, none - 1)), budget_(budget), slots_(first_slots) {}

std::size_t TextCounts::slot_of(std::uint64_t hash, std::size_t bytes) const {
  const std::size_t mask = slots_.size() - 1;
  const std::uint32_t tag = tag_of(hash);
  std::size_t slot = hash & mask;
  for (; slots_[slot].index != 0; slot = (slot + 1) & mask) {
    if (slots_[slot].tag != tag) continue;
    const Entry& entry = entries_[slots_[slot].index - 1];
    if (entry.hash == hash && entry.bytes == bytes) break;
  }
  return slot;
}

std::uint64_t TextCounts::hash_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

std::uint32_t TextCounts::add(std::string_view text, std::uint64_t hash) {
  std::size_t slot = slot_of(hash, text.size());
  if (slots_[slot].index != 0) {
    const std::uint32_t index = slots_[slot].index - 1;
    ++entries_[index].count;
    return index;
  }
  const std::size_t cost = sizeof(Entry) + std::min(text.size(), kept_bytes_max);
  if (entries_.size() == distinct_max_ || (cost > budget_.bytes_left && !entries_.empty())) {
    is_complete_ = false;
    return none;
  }
  budget_.bytes_left -= std::min(cost, budget_.bytes_left);
  if ((entries_.size() + 1) * 2 > slots_.size()) {
    grow();
    slot = slot_of(hash, text.size());
  }
  entries_.push_back({keep(text), text.size(), count_code_points(text), 1, hash});
  slots_[slot] = {static_cast<std::uint32_t>(entries_.size()), tag_of(hash)};
  return slots_[slot].index - 1;
}

std::string_view TextCounts::keep(std::string_view text) {
  if (text.size() > kept_bytes_max) {
    // Not in the middle of a code point.
    std::size_t end = kept_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
    text = text.substr(0, end);
  }
  if (pages_.empty() || text.size() > page_left_) {
    page_left_ = pages_.empty() ? first_page_bytes : page_bytes;
    pages_.push_back(std::make_unique<char[]>(page_left_));
  }
  const std::size_t page_size = pages_.size() == 1 ? first_page_bytes : page_bytes;
  char* const to = pages_.back().get() + (page_size - page_left_);
  std::memcpy(to, text.data(), text.size());
  page_left_ -= text.size();
  return {to, text.size()};
}

void TextCounts::grow() {
  slots_.assign(slots_.size() * 2, Slot{});
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = entries_[i].hash & mask;
    while (slots_[slot].index != 0) slot = (slot + 1) & mask;
    slots_[slot] = {static_cast<std::uint32_t>(i + 1), tag_of(entries_[i].hash)};
  }
}

std::vector<std::uint32_t> TextCounts::top(std::size_t entries_max) const {
  std::vector<std::uint32_t> order(entries_.size());
  std::iota(order.begin(), order.end(), 0u);
  const std::size_t size = std::min(order.size(), entries_max);
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(size), order.end(),
                    [&](std::uint32_t a, std::uint32_t b) {
                      const Entry& x = entries_[a];
                      const Entry& y = entries_[b];
                      if (x.count != y.count) return x.count > y.count;
                      return x.text != y.text ? x.text < y.text : a < b;
                    });
  order.resize(size);
  return order;
}

}  // namespace circuit::analysis
