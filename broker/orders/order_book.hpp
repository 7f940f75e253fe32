// The orders that somebody works on, in memory, and the batch of changes to them that is being gathered. Changes become
// real in commit(), all at once; until then nothing that speaks of them may leave the process (law 2). In memory are
// only orders with runnable work: their number is what admission bounds. Others are read when they are touched.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "broker/config/settings.hpp"
#include "broker/journal/journal.hpp"
#include "broker/orders/move.hpp"
#include "schema/order_id_generator.hpp"

namespace circuit::orders {

// What dispatch and the events need to know of an order. It stays where it is: its body points into it.
struct Order {
  schema::Uuid id;
  schema::OrderState state;
  schema::OrderBodyView body;  // views of stored_body
  std::string stored_body;     // encoded, as the journal has it

  // Dispatch's own: never stored.
  std::uint64_t lease = 0;                 // number of the current lease, 0 without one
  std::optional<schema::Role> queued_for;  // in whose queue it stands
  bool touched = false;                    // by the batch under way
  bool maybe_tried = false;                // by a worker of an earlier start, or by one that lost its lease
};

// Random numbers from the kernel, many at a time.
class RandomBits {
 public:
  [[nodiscard]] std::uint64_t next();

 private:
  std::array<std::uint64_t, 512> pool_{};
  std::size_t used_ = pool_.size();
};

class OrderBook {
 public:
  OrderBook(journal::Journal& journal, const config::Settings& settings);

  // Loads the orders with runnable work; gives each open order to `visit` (its state only).
  void load(const std::function<void(const schema::Uuid&, const schema::OrderState&)>& visit);

  // The order, read from the journal when it is not in memory; nullptr when there is none. Valid until the next commit.
  [[nodiscard]] Order* find(const schema::Uuid& id);

  // Adds a new order to the batch. Its idempotency key must be unknown to the journal and to this batch.
  Order& create(const journal::IdempotencyKey& key, const schema::OrderBodyView& body, std::int64_t now);
  // What this batch creates under the key, or nullptr.
  struct Creation {
    schema::Uuid order;
    std::string_view fingerprint;  // as in its body
  };
  [[nodiscard]] const Creation* created_in_batch(const journal::IdempotencyKey& key) const;

  // Adds the move to the batch, or refuses it and changes nothing. `data` holds what the event says beside the order's
  // own fields; its views must live until commit().
  [[nodiscard]] std::optional<schema::Refusal> move(Order& order, schema::EventType event, schema::Role role,
                                                    schema::EventData data, std::int64_t now);

  // Adds a change of scheduling to the batch (tries, due time, held, phase): no event, same version.
  void schedule(Order& order);

  [[nodiscard]] bool batch_is_empty() const { return changes_.empty(); }
  [[nodiscard]] std::size_t batch_size() const { return changes_.size(); }

  // Makes the batch durable. `on_changed` then gets each order of it once, in its new state. On StorageUnavailable
  // nothing of the batch happened: the touched orders are read again, `on_kept` gets those that exist, and the
  // exception goes on.
  const journal::Applied& commit(const std::function<void(Order&)>& on_changed,
                                 const std::function<void(Order&)>& on_kept);

  [[nodiscard]] std::size_t runnable() const { return orders_.size(); }
  void for_each(const std::function<void(const Order&)>& visit) const {
    for (const auto& [id, order] : orders_) visit(order);
  }
  [[nodiscard]] MoveContext context_for(const Order& order, std::int64_t now) const;

 private:
  struct KeyHash {
    std::size_t operator()(const journal::IdempotencyKey& key) const {
      std::size_t hash;
      std::memcpy(&hash, key.data(), sizeof hash);
      return hash;
    }
  };

  void touch(Order& order);
  Order& keep(const schema::Uuid& id, const schema::OrderState& state, const schema::OrderBodyView& body);
  void drop_batch();
  void forget_touched(const std::function<void(Order&)>& on_kept);

  journal::Journal& journal_;
  const config::Settings& settings_;
  schema::OrderIdGenerator ids_;
  RandomBits random_;
  std::unordered_map<schema::Uuid, Order> orders_;
  std::vector<schema::Uuid> visiting_;  // read for this batch, not runnable before it
  std::vector<journal::Change> changes_;
  std::deque<journal::NewOrder> created_;  // stable addresses
  std::unordered_map<journal::IdempotencyKey, Creation, KeyHash> keys_in_batch_;
  std::vector<Order*> touched_;
};

}  // namespace circuit::orders
