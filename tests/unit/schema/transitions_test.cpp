#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

#include "broker/orders/move.hpp"
#include "schema/transitions.hpp"
#include "schema/transitions_page.hpp"

using namespace circuit::schema;
using circuit::orders::make_move;
using circuit::orders::MoveContext;

namespace {

// A state in which every listed move is at its moment: nothing was asked for already, and no time is over.
OrderState state_in(Status status) {
  OrderState state;
  state.status = status;
  state.phase = status == Status::pending_payment ? Phase::waiting : Phase::none;
  state.version = 7;
  state.attempt = 1;
  state.paid_at = 100;
  state.flags = OrderState::held_flag;
  return state;
}
constexpr MoveContext context{.now = 200, .manual_payment = false, .expire_after_us = 1000, .refund_window_us = 1000};

std::string file(const char* path) {
  std::ifstream in(std::string(CIRCUIT_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("listed moves move, all others are refused and leave the bytes unchanged") {
  std::size_t moved = 0;
  for (std::size_t s = 0; s < status_names.size(); ++s)
    for (std::size_t e = 0; e < event_type_names.size(); ++e)
      for (const Role role : all_roles) {
        const auto status = static_cast<Status>(s);
        const auto event = static_cast<EventType>(e);
        const OrderState before = state_in(status);
        OrderState after = before;
        const auto refusal = make_move(after, event, role, context);
        CAPTURE(name_of(status), name_of(event), name_of(role));
        const TransitionRule* listed = nullptr;
        for (const TransitionRule& rule : transition_rules)
          if (rule.from == status && rule.event == event && holds(rule.owners, role)) listed = &rule;
        if (listed) {
          REQUIRE_FALSE(refusal);
          REQUIRE(after.status == listed->to);
          REQUIRE(after.version == before.version + 1);
          ++moved;
        } else {
          REQUIRE(refusal);
          REQUIRE(refusal->code == ErrorCode::invalid_transition);
          REQUIRE(std::memcmp(&before, &after, sizeof before) == 0);
        }
      }
  // One for each role of each row: a row that no role could use would show here.
  std::size_t role_rows = 0;
  for (const TransitionRule& rule : transition_rules)
    for (const Role role : all_roles) role_rows += holds(rule.owners, role);
  REQUIRE(moved == role_rows);
}

TEST_CASE("no two rules disagree about the same move") {
  std::set<std::pair<Status, EventType>> seen;
  for (const TransitionRule& rule : transition_rules) REQUIRE(seen.insert({rule.from, rule.event}).second);
}

TEST_CASE("every state can be reached, and every state that is not final can be left") {
  for (std::size_t s = 1; s < status_names.size(); ++s) {
    const auto status = static_cast<Status>(s);
    bool reached = false;
    bool left = false;
    for (const TransitionRule& rule : transition_rules) {
      reached = reached || rule.to == status;
      left = left || (rule.from == status && rule.to != status);
    }
    CAPTURE(name_of(status));
    REQUIRE(reached);
    REQUIRE((left || is_final(status)));
  }
}

TEST_CASE("no unpaid order leaves pending_payment without the payment worker") {
  for (const TransitionRule& rule : transition_rules)
    if (rule.from == Status::pending_payment && rule.to != Status::pending_payment)
      REQUIRE(rule.owners == only(Role::payment));
}

TEST_CASE("a payment that was requested can't be requested again") {
  OrderState state = state_in(Status::pending_payment);
  REQUIRE_FALSE(make_move(state, EventType::payment_requested, Role::upstream, context));
  const OrderState before = state;
  const auto refusal = make_move(state, EventType::payment_requested, Role::upstream, context);
  REQUIRE(refusal->code == ErrorCode::invalid_transition);
  REQUIRE(state == before);
}

TEST_CASE("a second cancellation is refused while the first is under way") {
  OrderState state = state_in(Status::pending_payment);
  REQUIRE_FALSE(make_move(state, EventType::cancel_requested, Role::upstream, context));
  REQUIRE(make_move(state, EventType::cancel_requested, Role::operator_, context));
}

TEST_CASE("a refund is granted up to the last microsecond of the window and not behind it") {
  OrderState last = state_in(Status::fulfilled);
  MoveContext at = context;
  at.now = last.paid_at + at.refund_window_us;
  REQUIRE_FALSE(make_move(last, EventType::refund_requested, Role::upstream, at));
  OrderState late = state_in(Status::fulfilled);
  ++at.now;
  REQUIRE(make_move(late, EventType::refund_requested, Role::upstream, at)->code == ErrorCode::refund_window_closed);
}

TEST_CASE("a refund revokes the delivery token") {
  OrderState state = state_in(Status::paid);
  REQUIRE_FALSE(make_move(state, EventType::order_fulfilled, Role::fulfillment, context));
  const std::uint32_t granted = state.token_version;
  REQUIRE_FALSE(make_move(state, EventType::refund_requested, Role::upstream, context));
  REQUIRE(state.token_version != granted);
}

TEST_CASE("only a retry after a failed payment changes the attempt") {
  for (const TransitionRule& rule : transition_rules)
    for (const Role role : all_roles) {
      if (!holds(rule.owners, role)) continue;
      OrderState state = state_in(rule.from);
      REQUIRE_FALSE(make_move(state, rule.event, role, context));
      const std::uint32_t attempt = rule.from == Status::none ? 1 : rule.event == EventType::payment_retried ? 2 : 1;
      REQUIRE(state.attempt == attempt);
    }
}

TEST_CASE("the reference page of the transitions is fresh") {
  REQUIRE(file("schema/TRANSITIONS.md") == transitions_page());
}
