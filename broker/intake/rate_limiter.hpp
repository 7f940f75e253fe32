// Token buckets by key, each as one time: when the bucket will be full again (GCRA, the generic cell rate algorithm of
// ITU-T I.371, in its virtual-scheduling form). Bounded: at its limit of keys, full buckets are forgotten, which
// changes nothing. Its time is the steady clock: setting the wall clock neither opens nor shuts anybody's bucket.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace circuit::intake {

class RateLimiter {
 public:
  // At most `per_minute` in any burst, and as many each minute on average; 0: no limit.
  RateLimiter(std::int64_t per_minute, std::size_t keys_max)
      : interval_us_(per_minute > 0 ? 60'000'000 / per_minute : 0),
        burst_us_(60'000'000 - interval_us_),
        keys_max_(keys_max) {}

  // Takes one token: 0 when there was one, otherwise µs until there is.
  std::int64_t take(const std::string& key, std::int64_t now_us) {
    if (interval_us_ == 0) return 0;
    if (full_at_.size() >= keys_max_ && !full_at_.contains(key)) make_room(now_us);
    std::int64_t& full_at = full_at_[key];
    const std::int64_t from = std::max(full_at, now_us);
    if (from - now_us > burst_us_) return from - now_us - burst_us_;
    full_at = from + interval_us_;
    return 0;
  }
  // What the token was taken for did not happen.
  void give_back(const std::string& key) {
    if (const auto held = full_at_.find(key); held != full_at_.end()) held->second -= interval_us_;
  }
  [[nodiscard]] std::size_t size() const { return full_at_.size(); }

 private:
  void make_room(std::int64_t now_us) {
    std::erase_if(full_at_, [&](const auto& entry) { return entry.second <= now_us; });
    // More keys than the limit are in use at once: the one nearest to a full bucket loses least.
    if (full_at_.size() >= keys_max_)
      full_at_.erase(std::min_element(full_at_.begin(), full_at_.end(),
                                      [](const auto& a, const auto& b) { return a.second < b.second; }));
  }

  std::int64_t interval_us_;
  std::int64_t burst_us_;
  std::size_t keys_max_;
  std::unordered_map<std::string, std::int64_t> full_at_;
};

}  // namespace circuit::intake
