// The outcomes that the flow has decided, on their way to the broker. The broker answers only those that it refuses, so
// the newest ones are remembered: when storage was unavailable for a moment, the same outcome is offered again a little
// later. What was offered too often, or is no longer remembered, is forgotten: the broker then hands the order out
// again, as maybe tried.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "schema/work.hpp"

namespace circuit::payment {

using TimePoint = std::chrono::steady_clock::time_point;

inline constexpr std::uint32_t offers_max = 20;
inline constexpr std::chrono::milliseconds offer_again_after{250};

class Offers {
 public:
  // `remembered_max`: as many outcomes as can be on their way at a time, at least twice the credit. Its memory is
  // allocated as it fills.
  Offers(std::size_t remembered_max, std::function<void(const schema::Outcome&)> sink);

  // Hands the outcome to the sink and remembers it.
  void make(const schema::Outcome& outcome);

  // The broker refused the outcome of this lease for now. False when it is forgotten.
  bool again(const schema::Lease& lease, TimePoint now);

  // Offers again what is due.
  void tick(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_due() const;
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  struct Kept {
    schema::Outcome outcome;  // without its texts
    std::string currency;
    std::string provider;
    std::string reference;
    std::string failure;
    std::string message;
    std::uint32_t offers = 0;
    TimePoint due{};
    void keep(const schema::Outcome& from);
    [[nodiscard]] schema::Outcome view() const;
  };
  Kept& next_place();

  std::size_t remembered_max_;
  std::function<void(const schema::Outcome&)> sink_;
  std::vector<Kept> remembered_;  // a ring
  std::size_t next_ = 0;
  std::deque<Kept> waiting_;  // by due time, because all wait equally long
};

}  // namespace circuit::payment
