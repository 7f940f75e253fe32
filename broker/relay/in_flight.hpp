// What each upstream has asked and not yet been answered, in messages and bytes, so that none can fill this process or
// the broker's queues. Answers come nearly in order, so each one settles the oldest; an answer that never comes (the
// broker was restarted) is given up after a while.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <string>
#include <unordered_map>

namespace circuit::relay {

struct InFlightLimits {
  std::size_t messages_max = 1'000;       // of one upstream
  std::size_t bytes_max = 128 << 20;      // of all upstreams together
  std::int64_t patience_us = 60'000'000;  // for one answer
};

class InFlight {
 public:
  explicit InFlight(const InFlightLimits& limits) : limits_(limits) {}

  // Whether there is room for one more; when not, nothing is counted.
  bool add(const std::string& upstream, std::size_t bytes, std::int64_t now_us) {
    forget_lost(now_us);
    // One message is always let through, however large: otherwise it never could be.
    if (bytes_ > 0 && bytes_ + bytes > limits_.bytes_max) return false;
    std::deque<Asked>& asked = asked_[upstream];
    if (asked.size() >= limits_.messages_max) return false;  // so it is not empty, and stays
    asked.push_back({now_us, bytes});
    bytes_ += bytes;
    return true;
  }

  // An answer for this upstream came.
  void settle(const std::string& upstream) {
    const auto found = asked_.find(upstream);
    if (found == asked_.end()) return;
    drop_front(found->second);
    if (found->second.empty()) asked_.erase(found);
  }

  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::size_t upstreams() const { return asked_.size(); }

 private:
  struct Asked {
    std::int64_t at;
    std::size_t bytes;
  };

  void drop_front(std::deque<Asked>& asked) {
    bytes_ -= asked.front().bytes;
    asked.pop_front();
  }
  void forget_lost(std::int64_t now_us) {
    if (now_us < next_look_at_) return;
    next_look_at_ = now_us + 1'000'000;
    for (auto entry = asked_.begin(); entry != asked_.end();) {
      std::deque<Asked>& asked = entry->second;
      while (!asked.empty() && asked.front().at + limits_.patience_us <= now_us) drop_front(asked);
      entry = asked.empty() ? asked_.erase(entry) : std::next(entry);
    }
  }

  const InFlightLimits limits_;
  std::size_t bytes_ = 0;
  std::int64_t next_look_at_ = 0;
  std::unordered_map<std::string, std::deque<Asked>> asked_;
};

}  // namespace circuit::relay
