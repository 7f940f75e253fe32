#include "broker/dispatch/outcome_rules.hpp"

#include <algorithm>

#include "broker/daemon/planted_bug.hpp"

namespace circuit::dispatch {

using orders::Order;
using schema::Decision;
using schema::EventType;
using schema::OrderState;
using schema::Outcome;
using schema::Phase;
using schema::Reason;
using schema::Refusal;
using schema::Role;
using schema::Status;

std::optional<Refusal> OutcomeRules::settle(Order& order, const Outcome& outcome, std::int64_t now) {
  switch (outcome.decision) {
    case Decision::make: return make(order, outcome, now);
    case Decision::defer: return defer(order, outcome, now);
    case Decision::hold: hold(order, outcome.reason); return std::nullopt;
    case Decision::none: break;
  }
  return Refusal{schema::ErrorCode::malformed_message, "an outcome without a decision", {}, 0};
}

std::optional<Refusal> OutcomeRules::make(Order& order, const Outcome& outcome, std::int64_t now) {
  EventType event = outcome.event;
  const Phase phase = order.state.phase;
  const bool moves_money = event == EventType::payment_confirmed || event == EventType::order_refunded;
  if (moves_money && (outcome.amount != order.body.amount || outcome.currency != order.body.currency)) {
    hold(order, Reason::capture_mismatch);
    return std::nullopt;
  }
  // An order that is on its way out for another reason leaves for that reason: nothing can be captured any more.
  if (event == EventType::payment_failed && phase == Phase::void_cancel) event = EventType::order_cancelled;
  if (event == EventType::payment_failed && phase == Phase::void_expire) event = EventType::order_expired;

  schema::EventData data;
  data.provider = outcome.provider;
  data.charge_id = outcome.reference;
  data.refund_id = outcome.reference;
  data.reason = outcome.failure;
  data.message = outcome.message;
  data.deliverable = outcome.deliverable;
  data.directory = outcome.directory;
  data.files = outcome.files;
  if (auto refusal = book_.move(order, event, role_of(phase), std::move(data), now)) return refusal;
  order.maybe_tried = false;
  follow_up(order, event, phase == Phase::void_cancel, now);
  return std::nullopt;
}

// A cancel that came after the capture, and a failure whose product says so, give the money back.
void OutcomeRules::follow_up(Order& order, EventType event, bool cancel_requested, std::int64_t now) {
  const config::Product* product = config::find_product(settings_, order.body.product_id);
  const bool refund_on_failure = product && product->on_failure == config::OnFailure::refund;
  schema::EventData data;
  if (event == EventType::payment_confirmed && cancel_requested)
    data.reason = "cancelled";
  else if (event == EventType::fulfillment_failed && refund_on_failure)
    data.reason = "fulfillment_failed";
  else
    return;
  const auto refusal = book_.move(order, EventType::refund_requested, Role::broker, std::move(data), now);
  CIRCUIT_CHECK(!refusal, "the table lists the broker's refund");
}

std::optional<Refusal> OutcomeRules::defer(Order& order, const Outcome& outcome, std::int64_t now) {
  OrderState& state = order.state;
  order.maybe_tried = false;
  ++state.tries;
  state.reason = outcome.reason;
  state.flags = outcome.maybe_tried ? static_cast<std::uint8_t>(state.flags | OrderState::maybe_tried_flag)
                                    : static_cast<std::uint8_t>(state.flags & ~OrderState::maybe_tried_flag);
  state.due_at = now + backoff_us(state.phase, state.tries);
  if (state.phase == Phase::charge && state.tries >= settings_.payment.tries_max) {
    // The tries are used up. What was sent may still capture: the order leaves only through a void.
    state.phase = Phase::void_fail;
    state.tries = 0;
    state.due_at = 0;
  }
  if (state.phase == Phase::fulfill && state.tries >= settings_.fulfillment.tries_max) {
    schema::EventData data;
    data.reason = "tries_used_up";
    data.message = "the product could not be made, though it was tried several times";
    if (auto refusal = book_.move(order, EventType::fulfillment_failed, Role::broker, data, now)) return refusal;
    follow_up(order, EventType::fulfillment_failed, false, now);
    return std::nullopt;
  }
  book_.schedule(order);
  expire_when_due(order, now);
  return std::nullopt;
}

void OutcomeRules::hold(Order& order, Reason reason) {
  order.state.flags |= OrderState::held_flag;
  order.state.reason = reason;
  book_.schedule(order);
}

void OutcomeRules::lease_lost(Order& order) {
  order.maybe_tried = true;
  ++order.state.lost_leases;
  order.state.flags |= OrderState::maybe_tried_flag;
  order.state.reason = Reason::lease_lost;
  // A job that takes its workers down with it must not do so for ever.
  if (order.state.lost_leases >= settings_.dispatch.lost_leases_max) order.state.flags |= OrderState::held_flag;
  book_.schedule(order);
}

void OutcomeRules::expire_when_due(Order& order, std::int64_t now) {
  OrderState& state = order.state;
  if (state.expires_at > now || daemon::is_planted(daemon::PlantedBug::no_expiry)) return;
  if (state.status == Status::payment_failed) {
    const auto refusal = book_.move(order, EventType::order_expired, Role::broker, {}, now);
    CIRCUIT_CHECK(!refusal, "the table lists the broker's expiry of a failed payment");
  } else if (state.status == Status::pending_payment &&
             (state.phase == Phase::waiting || state.phase == Phase::charge)) {
    state.phase = Phase::void_expire;
    state.flags = 0;
    state.tries = 0;
    state.due_at = 0;
    book_.schedule(order);
  }
}

std::int64_t OutcomeRules::backoff_us(Phase phase, std::uint32_t tries) {
  const bool fulfilling = phase == Phase::fulfill;
  const std::int64_t first_ms = fulfilling ? settings_.fulfillment.retry_first_ms : settings_.payment.retry_first_ms;
  const std::int64_t highest_ms = fulfilling ? settings_.fulfillment.retry_max_ms : settings_.payment.retry_max_ms;
  const unsigned doublings = std::min(tries - 1, 30u);
  const std::int64_t plain_ms = std::min(highest_ms, first_ms << doublings);
  // Three quarters to five quarters of it, so that orders that failed together do not come back together.
  const auto jitter_permille = static_cast<std::int64_t>(750 + random_.next() % 501);
  return plain_ms * jitter_permille;
}

}  // namespace circuit::dispatch
