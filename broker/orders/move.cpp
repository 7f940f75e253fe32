#include "broker/orders/move.hpp"

#include <fmt/format.h>

#include "schema/transitions.hpp"

namespace circuit::orders {
namespace {

using schema::ErrorCode;
using schema::EventType;
using schema::OrderState;
using schema::Phase;
using schema::Refusal;
using schema::Role;
using schema::Status;

Refusal invalid(std::string message) { return {ErrorCode::invalid_transition, std::move(message), {}, 0}; }

// A move that the table lists may have been asked for already, or come too late.
std::optional<Refusal> check_moment(const OrderState& state, EventType event, const MoveContext& context) {
  if (event == EventType::payment_requested && state.phase != Phase::waiting)
    return invalid("the payment was requested already");
  if (event == EventType::cancel_requested && state.phase == Phase::void_cancel)
    return invalid("the cancellation was requested already");
  if (event == EventType::retry_requested && !state.held() && !(state.runnable() && state.tries > 0))
    return invalid(fmt::format("there is nothing to try again: the order is {}", name_of(state.status)));
  if (event == EventType::refund_requested && state.status == Status::fulfilled &&
      context.now - state.paid_at > context.refund_window_us)
    return Refusal{ErrorCode::refund_window_closed, "the time in which this order can be refunded is over", {}, 0};
  return std::nullopt;
}

// What the order waits for after the event.
Phase phase_after(EventType event, Phase phase, const MoveContext& context) {
  switch (event) {
    case EventType::retry_requested: return phase;
    case EventType::order_created: return context.manual_payment ? Phase::waiting : Phase::charge;
    case EventType::payment_requested:
    case EventType::payment_retried: return Phase::charge;
    case EventType::cancel_requested: return Phase::void_cancel;
    case EventType::payment_confirmed:
    case EventType::fulfillment_retried: return Phase::fulfill;
    case EventType::refund_requested: return Phase::refund;
    case EventType::payment_failed:
    case EventType::fulfillment_failed: return Phase::waiting;
    case EventType::order_fulfilled:
    case EventType::order_cancelled:
    case EventType::order_expired:
    case EventType::order_refunded:
    case EventType::none: return Phase::none;
  }
  return Phase::none;
}

void enter_phase(OrderState& state, Phase phase) {
  state.phase = phase;
  state.flags = 0;
  state.reason = schema::Reason::none;
  state.tries = 0;
  state.lost_leases = 0;
  state.due_at = 0;
}

void record(OrderState& state, EventType event, const MoveContext& context) {
  switch (event) {
    case EventType::order_created:
      state.created_at = context.now;
      state.expires_at = context.now + context.expire_after_us;
      state.attempt = 1;
      break;
    case EventType::payment_retried:
      ++state.attempt;
      state.expires_at = context.now + context.expire_after_us;
      break;
    case EventType::payment_confirmed: state.paid_at = context.now; break;
    case EventType::order_fulfilled:
      state.fulfilled_at = context.now;
      ++state.token_version;
      break;
    case EventType::refund_requested: ++state.token_version; break;
    case EventType::order_refunded: state.refunded_at = context.now; break;
    default: break;
  }
}

}  // namespace

std::optional<Refusal> make_move(OrderState& state, EventType event, Role role, const MoveContext& context) {
  const schema::TransitionRule* rule = schema::find_transition(state.status, event, role);
  if (!rule)
    return invalid(fmt::format("{} can't follow from {} by {}", name_of(event), name_of(state.status), name_of(role)));
  if (auto refusal = check_moment(state, event, context)) return refusal;
  state.status = rule->to;
  ++state.version;
  record(state, event, context);
  enter_phase(state, phase_after(event, state.phase, context));
  // From the start of its phase; what may have happened before is still looked up first.
  if (event == EventType::retry_requested) state.flags = OrderState::maybe_tried_flag;
  return std::nullopt;
}

}  // namespace circuit::orders
