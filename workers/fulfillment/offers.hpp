// The answers that were decided, on their way to the broker. It says something only about those that it refuses, so the
// newest ones are remembered: one that it could not store is offered again a little later, and one that came too late
// loses its files.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "schema/work.hpp"
#include "workers/fulfillment/job_run.hpp"

namespace circuit::fulfillment {

using TimePoint = std::chrono::steady_clock::time_point;

inline constexpr std::uint32_t offers_max = 60;
inline constexpr std::chrono::milliseconds offer_again_after{250};

class Offers {
 public:
  using Sink = std::function<void(const schema::Outcome&)>;

  // `remembered_max`: as many answers as can be on their way at a time, at least twice the credit.
  Offers(std::size_t remembered_max, Sink sink);

  // Hands the answer to the sink and remembers it. Without an answer the order is fulfilled with a licence; that is the
  // hot path, and it allocates nothing once the ring is full.
  void make(const schema::Lease& lease, const schema::Uuid& order, std::unique_ptr<Answer> answer);

  void refused(const schema::Refused& refused, TimePoint now);

  // Offers again what is due.
  void tick(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_due() const;

  // Removes what waits to be offered again: the worker stops, and the broker hands those orders out anew.
  void give_up();

 private:
  struct Offer {
    schema::Lease lease;
    schema::Uuid order;
    std::unique_ptr<Answer> answer;
    std::uint32_t offers = 0;  // 0: an empty place
  };
  struct Waiting {
    Offer offer;
    TimePoint due;
  };
  void send(Offer offer);
  static void drop(const Offer& offer);

  std::size_t remembered_max_;
  Sink sink_;
  std::vector<Offer> remembered_;  // a ring
  std::size_t next_ = 0;
  std::deque<Waiting> waiting_;  // by due time, because all wait equally long
};

}  // namespace circuit::fulfillment
