// What an outcome means for its order: the move it proposes, the moves that follow from it, or the next try. The rules
// of money (DESIGN §2.1) that are the broker's stand here.
#pragma once

#include <cstdint>
#include <optional>

#include "broker/orders/order_book.hpp"
#include "schema/work.hpp"

namespace circuit::dispatch {

class OutcomeRules {
 public:
  OutcomeRules(orders::OrderBook& book, const config::Settings& settings) : book_(book), settings_(settings) {}

  // Adds what follows to the batch. The outcome comes from the current lease; its views must live until the commit. A
  // refusal means that the table does not list the move: nothing changed.
  [[nodiscard]] std::optional<schema::Refusal> settle(orders::Order& order, const schema::Outcome& outcome,
                                                      std::int64_t now);

  // A worker went away with the job.
  void lease_lost(orders::Order& order);

  // The time to pay ended. Does nothing when it did not, or when the order is past that.
  void expire_when_due(orders::Order& order, std::int64_t now);

 private:
  std::optional<schema::Refusal> make(orders::Order& order, const schema::Outcome& outcome, std::int64_t now);
  std::optional<schema::Refusal> defer(orders::Order& order, const schema::Outcome& outcome, std::int64_t now);
  void hold(orders::Order& order, schema::Reason reason);
  void follow_up(orders::Order& order, schema::EventType event, bool cancel_requested, std::int64_t now);
  [[nodiscard]] std::int64_t backoff_us(schema::Phase phase, std::uint32_t tries);

  orders::OrderBook& book_;
  const config::Settings& settings_;
  orders::RandomBits random_;
};

}  // namespace circuit::dispatch
