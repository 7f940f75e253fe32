#include "broker/orders/order_book.hpp"

#include <sodium.h>

#include "schema/check.hpp"

namespace circuit::orders {

using schema::EventType;
using schema::Role;

namespace {

schema::OrderBodyView view_of(const schema::OrderBody& body) {
  return {body.product_id, body.customer_id, body.idempotency_key, body.amount,  body.currency,
          body.upstream,   body.fingerprint, body.input,           body.metadata};
}

}  // namespace

std::uint64_t RandomBits::next() {
  if (used_ == pool_.size()) {
    randombytes_buf(pool_.data(), sizeof pool_);
    used_ = 0;
  }
  return pool_[used_++];
}

OrderBook::OrderBook(journal::Journal& journal, const config::Settings& settings)
    : journal_(journal), settings_(settings), ids_(journal.last_order()) {
  orders_.reserve(16'384);
}

void OrderBook::load(const std::function<void(const schema::Uuid&, const schema::OrderState&)>& visit) {
  constexpr std::uint32_t slice = 10'000;
  std::optional<schema::Uuid> after;
  for (std::uint32_t visited = slice; visited == slice;) {
    std::vector<schema::Uuid> runnable;
    visited = journal_.open_orders(after, slice, [&](const schema::Uuid& id, const schema::OrderState& state) {
      if (state.runnable()) runnable.push_back(id);
      after = id;
      visit(id, state);
    });
    for (const schema::Uuid& id : runnable) {
      const auto stored = journal_.order(id);
      keep(id, stored->state, view_of(stored->body)).maybe_tried = true;
    }
  }
}

Order& OrderBook::keep(const schema::Uuid& id, const schema::OrderState& state, const schema::OrderBodyView& body) {
  Order& order = orders_[id];
  order.id = id;
  order.state = state;
  order.body = body;
  order.stored_body.clear();
  schema::append_packed(order.stored_body, schema::encoded_bytes_max(body),
                        [&](schema::PackCursor& cursor) { schema::encode_moving_views(cursor, order.body); });
  return order;
}

Order* OrderBook::find(const schema::Uuid& id) {
  if (const auto held = orders_.find(id); held != orders_.end()) return &held->second;
  const auto stored = journal_.order(id);
  if (!stored) return nullptr;
  visiting_.push_back(id);
  return &keep(id, stored->state, view_of(stored->body));
}

MoveContext OrderBook::context_for(const Order& order, std::int64_t now) const {
  const config::Product* product = config::find_product(settings_, order.body.product_id);
  const std::int64_t window_s = product ? product->refund_window_s : config::Product{}.refund_window_s;
  return {.now = now,
          .manual_payment = settings_.sandbox.confirm == config::Confirm::manual,
          .expire_after_us = settings_.payment.expire_after_s * 1'000'000,
          .refund_window_us = window_s * 1'000'000};
}

Order& OrderBook::create(const journal::IdempotencyKey& key, const schema::OrderBodyView& body, std::int64_t now) {
  const schema::Uuid id = ids_.next(now, random_.next());
  Order& order = keep(id, {}, body);
  const journal::NewOrder& created = created_.emplace_back(journal::NewOrder{key, order.stored_body});
  keys_in_batch_.emplace(key, Creation{id, order.body.fingerprint});
  const auto refusal = move(order, EventType::order_created, Role::upstream, {}, now);
  CIRCUIT_CHECK(!refusal, "the table lists the creation of an order");
  changes_.back().created = &created;
  return order;
}

const OrderBook::Creation* OrderBook::created_in_batch(const journal::IdempotencyKey& key) const {
  const auto held = keys_in_batch_.find(key);
  return held == keys_in_batch_.end() ? nullptr : &held->second;
}

std::optional<schema::Refusal> OrderBook::move(Order& order, EventType event, Role role, schema::EventData data,
                                               std::int64_t now) {
  const std::uint32_t version = order.state.version;
  const std::int64_t paid_at = order.state.paid_at;
  if (auto refusal = make_move(order.state, event, role, context_for(order, now))) return refusal;
  data.customer_id = order.body.customer_id;
  data.product_id = order.body.product_id;
  data.amount = order.body.amount;
  data.currency = order.body.currency;
  data.attempt = order.state.attempt;
  data.delivery_us = now - paid_at;
  data.made_by = name_of(role);
  journal::Change& change = changes_.emplace_back();
  change.order = order.id;
  change.expected_version = version;
  change.state = order.state;
  change.event = schema::Event{.seq = 0,
                               .ts = now,
                               .type = event,
                               .order = order.id,
                               .version = order.state.version,
                               .status = order.state.status,
                               .data = std::move(data)};
  touch(order);
  return std::nullopt;
}

void OrderBook::schedule(Order& order) {
  journal::Change& change = changes_.emplace_back();
  change.order = order.id;
  change.expected_version = order.state.version;
  change.state = order.state;
  touch(order);
}

void OrderBook::touch(Order& order) {
  if (order.touched) return;
  order.touched = true;
  touched_.push_back(&order);
}

const journal::Applied& OrderBook::commit(const std::function<void(Order&)>& on_changed,
                                          const std::function<void(Order&)>& on_kept) {
  static const journal::Applied nothing{};
  const journal::Applied* applied = &nothing;
  if (!changes_.empty()) {
    try {
      applied = &journal_.apply(changes_);
    } catch (const journal::StorageUnavailable&) {
      forget_touched(on_kept);
      throw;
    }
    for (const journal::ChangeOutcome& outcome : applied->outcomes)
      CIRCUIT_CHECK(outcome.verdict == journal::Verdict::ok,
                    "the book of orders agrees with the journal it was read from");
  }
  for (Order* order : touched_) {
    order->touched = false;
    on_changed(*order);
    const schema::Uuid id = order->id;  // the order goes with its own id
    if (!order->state.runnable()) orders_.erase(id);
  }
  drop_batch();
  return *applied;
}

void OrderBook::drop_batch() {
  touched_.clear();
  changes_.clear();
  created_.clear();
  keys_in_batch_.clear();
  // What was only looked at goes too, unless the batch gave it work.
  for (const schema::Uuid& id : visiting_)
    if (const auto held = orders_.find(id); held != orders_.end() && !held->second.state.runnable())
      orders_.erase(held);
  visiting_.clear();
}

void OrderBook::forget_touched(const std::function<void(Order&)>& on_kept) {
  for (Order* order : touched_) {
    const schema::Uuid id = order->id;
    const auto stored = journal_.order(id);
    if (stored) {
      order->state = stored->state;
      order->touched = false;
      on_kept(*order);
    }
    if (!stored || !stored->state.runnable()) orders_.erase(id);
  }
  drop_batch();
}

}  // namespace circuit::orders
