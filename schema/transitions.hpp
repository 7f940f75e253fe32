// The one table of transitions (law 3). The broker applies it, the reference page and its diagram are printed from it,
// and one test walks every state × event × role. What is not listed here is refused and changes nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "schema/names.hpp"

namespace circuit::schema {

using RoleSet = std::uint8_t;
constexpr RoleSet operator|(Role a, Role b) {
  return static_cast<RoleSet>(static_cast<RoleSet>(a) | static_cast<RoleSet>(b));
}
constexpr RoleSet only(Role role) { return static_cast<RoleSet>(role); }
constexpr bool holds(RoleSet roles, Role role) { return (roles & static_cast<RoleSet>(role)) != 0; }

struct TransitionRule {
  Status from;
  EventType event;
  Status to;
  RoleSet owners;
  std::string_view why;
};

inline constexpr std::array transition_rules = {
    TransitionRule{Status::none, EventType::order_created, Status::pending_payment, only(Role::upstream),
                   "an upstream ordered; the order is durable before it is acknowledged"},
    TransitionRule{Status::pending_payment, EventType::payment_requested, Status::pending_payment,
                   Role::upstream | Role::operator_, "manual confirmation: the customer agreed to pay, once"},
    TransitionRule{Status::pending_payment, EventType::payment_confirmed, Status::paid, only(Role::payment),
                   "the provider captured exactly this amount for this order"},
    TransitionRule{Status::pending_payment, EventType::payment_failed, Status::payment_failed, only(Role::payment),
                   "the provider declined for good, or the tries are used up and the charge is voided"},
    TransitionRule{Status::pending_payment, EventType::cancel_requested, Status::pending_payment,
                   Role::upstream | Role::operator_, "the order leaves only when its charge is voided"},
    TransitionRule{Status::pending_payment, EventType::order_cancelled, Status::cancelled, only(Role::payment),
                   "the charge was voided after a requested cancel"},
    TransitionRule{Status::pending_payment, EventType::order_expired, Status::expired, only(Role::payment),
                   "the charge was voided after the time to pay ran out"},
    TransitionRule{Status::payment_failed, EventType::payment_retried, Status::pending_payment, only(Role::operator_),
                   "a new attempt with a new charge key"},
    TransitionRule{Status::payment_failed, EventType::order_cancelled, Status::cancelled,
                   Role::upstream | Role::operator_, "nothing can be captured any more"},
    TransitionRule{Status::payment_failed, EventType::order_expired, Status::expired, only(Role::broker),
                   "the time to pay ran out and nothing can be captured any more"},
    TransitionRule{Status::paid, EventType::order_fulfilled, Status::fulfilled, only(Role::fulfillment),
                   "the product is made; its files are durable"},
    TransitionRule{Status::paid, EventType::fulfillment_failed, Status::fulfillment_failed,
                   Role::fulfillment | Role::broker, "the product can't be made, or the tries are used up"},
    TransitionRule{Status::paid, EventType::refund_requested, Status::refund_pending,
                   static_cast<RoleSet>((Role::upstream | Role::operator_) | only(Role::broker)),
                   "the customer wants the money back before delivery, or a cancel came after the capture"},
    TransitionRule{Status::fulfillment_failed, EventType::fulfillment_retried, Status::paid, only(Role::operator_),
                   "the operator mended the cause"},
    TransitionRule{Status::fulfillment_failed, EventType::refund_requested, Status::refund_pending,
                   static_cast<RoleSet>((Role::upstream | Role::operator_) | only(Role::broker)),
                   "nothing was delivered; the product's on_failure may ask for it by itself"},
    TransitionRule{Status::fulfilled, EventType::refund_requested, Status::refund_pending,
                   Role::upstream | Role::operator_, "within the product's refund window"},
    TransitionRule{Status::pending_payment, EventType::retry_requested, Status::pending_payment, only(Role::operator_),
                   "the operator lets an order go on that was held or waited for its next try"},
    TransitionRule{Status::paid, EventType::retry_requested, Status::paid, only(Role::operator_), "the same"},
    TransitionRule{Status::refund_pending, EventType::retry_requested, Status::refund_pending, only(Role::operator_),
                   "the same"},
    TransitionRule{Status::refund_pending, EventType::order_refunded, Status::refunded, only(Role::payment),
                   "the provider gave the full amount back"},
};

// The rule for this move, or nullptr when the table does not list it for this role.
constexpr const TransitionRule* find_transition(Status from, EventType event, Role role) {
  for (const TransitionRule& rule : transition_rules)
    if (rule.from == from && rule.event == event && holds(rule.owners, role)) return &rule;
  return nullptr;
}

// An order in such a state is finished: nothing will happen to it by itself.
constexpr bool is_final(Status status) {
  return status == Status::fulfilled || status == Status::refunded || status == Status::cancelled ||
         status == Status::expired;
}

}  // namespace circuit::schema
