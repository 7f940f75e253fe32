// Orders to be looked at when their time comes. An entry is a reminder, not a promise: who pops it looks at the order
// itself, so stale and double entries do no harm.
#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "schema/uuid.hpp"

namespace circuit::dispatch {

class TimerQueue {
 public:
  void add(std::int64_t at_us, const schema::Uuid& order) { entries_.push({at_us, order}); }

  [[nodiscard]] std::optional<schema::Uuid> pop_due(std::int64_t now_us) {
    if (entries_.empty() || entries_.top().at_us > now_us) return std::nullopt;
    const schema::Uuid order = entries_.top().order;
    entries_.pop();
    return order;
  }
  [[nodiscard]] std::optional<std::int64_t> next_at_us() const {
    return entries_.empty() ? std::nullopt : std::optional(entries_.top().at_us);
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::int64_t at_us;
    schema::Uuid order;
    bool operator>(const Entry& other) const { return at_us > other.at_us; }
  };
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> entries_;
};

}  // namespace circuit::dispatch
