// Token buckets by key, each as one time: when the bucket will be full again (GCRA, the generic cell rate algorithm of
// ITU-T I.371, in its virtual-scheduling form). Bounded: at its limit of keys, full buckets are forgotten, which
// changes nothing. Its time is the steady clock: setting the wall clock neither opens nor shuts anybody's bucket.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace circuit::intake {

// At most `tokens` in any burst, and as many each period on average; 0: no limit.
struct Rate {
  std::int64_t tokens = 0;
  std::int64_t period_us = 60'000'000;
  [[nodiscard]] std::int64_t interval_us() const { return tokens > 0 ? period_us / tokens : 0; }
};

class RateLimiter {
 public:
  RateLimiter(std::int64_t per_minute, std::size_t keys_max) : rate_{per_minute}, keys_max_(keys_max) {}

  // Takes one token: 0 when there was one, otherwise µs until there is.
  std::int64_t take(const std::string& key, std::int64_t now_us) { return take(key, now_us, rate_); }
  // The same for a key that has a rate of its own.
  std::int64_t take(const std::string& key, std::int64_t now_us, const Rate& rate) {
    const std::int64_t interval_us = rate.interval_us();
    if (interval_us == 0) return 0;
    const std::int64_t burst_us = rate.period_us - interval_us;
    if (full_at_.size() >= keys_max_ && !full_at_.contains(key)) make_room(now_us);
    std::int64_t& full_at = full_at_[key];
    const std::int64_t from = std::max(full_at, now_us);
    if (from - now_us > burst_us) return from - now_us - burst_us;
    full_at = from + interval_us;
    return 0;
  }
  // What the token was taken for did not happen.
  void give_back(const std::string& key) { give_back(key, rate_); }
  void give_back(const std::string& key, const Rate& rate) {
    if (const auto held = full_at_.find(key); held != full_at_.end()) held->second -= rate.interval_us();
  }
  [[nodiscard]] std::size_t size() const { return full_at_.size(); }

 private:
  void make_room(std::int64_t now_us) {
    std::erase_if(full_at_, [&](const auto& entry) { return entry.second <= now_us; });
    if (full_at_.size() < keys_max_) return;
    // More keys than the limit are in use at once: those nearest to a full bucket lose least. An eighth of them goes,
    // so that whoever makes up new keys does not make every order look through all of them.
    std::vector<std::int64_t> times;
    times.reserve(full_at_.size());
    for (const auto& [key, full_at] : full_at_) times.push_back(full_at);
    const auto last = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 8);
    std::nth_element(times.begin(), last, times.end());
    std::erase_if(full_at_, [&](const auto& entry) { return entry.second <= *last; });
  }

  Rate rate_;  // of keys that have none of their own
  std::size_t keys_max_;
  std::unordered_map<std::string, std::int64_t> full_at_;
};

}  // namespace circuit::intake
