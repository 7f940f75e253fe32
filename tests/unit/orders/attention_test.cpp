#include "broker/orders/attention.hpp"

#include <catch2/catch.hpp>
#include <string>

using circuit::config::Settings;
using circuit::orders::attention_of;
using circuit::schema::OrderState;
using circuit::schema::Phase;
using circuit::schema::Reason;
using circuit::schema::Status;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t created = 1'000 * second;
constexpr std::int64_t paid = 1'200 * second;
constexpr std::int64_t due = 9'000 * second;

Settings with_target(std::int64_t target_s) {
  Settings settings;
  settings.delivery.target_s = target_s;
  return settings;
}

const Settings settings = with_target(10);

OrderState order(Status status, Phase phase) {
  OrderState state;
  state.status = status;
  state.phase = phase;
  state.created_at = created;
  if (phase == Phase::fulfill || phase == Phase::refund) state.paid_at = paid;
  state.due_at = due;
  return state;
}

bool says(std::string_view text, std::string_view words) { return text.find(words) != text.npos; }

}  // namespace

TEST_CASE("a paid order is late when its target is over, and not before") {
  const OrderState state = order(Status::paid, Phase::fulfill);
  CHECK_FALSE(attention_of(state, settings, paid + 10 * second));
  const auto notice = attention_of(state, settings, paid + 10 * second + 1);
  REQUIRE(notice);
  CHECK(notice->reason == "late");
  CHECK(notice->since == paid);
  CHECK(notice->next_try_at == due);
  CHECK(says(notice->what_to_do, "circuit status"));
  CHECK(says(notice->what_to_do, "{}"));
}

TEST_CASE("what a payment worker has to do is late after twelve times the target") {
  for (const Phase phase : {Phase::charge, Phase::void_cancel, Phase::void_expire, Phase::void_fail, Phase::refund}) {
    CAPTURE(static_cast<int>(phase));
    const OrderState state = order(phase == Phase::refund ? Status::refund_pending : Status::pending_payment, phase);
    const std::int64_t since = phase == Phase::refund ? paid : created;
    CHECK_FALSE(attention_of(state, settings, since + 120 * second));
    const auto notice = attention_of(state, settings, since + 120 * second + 1);
    REQUIRE(notice);
    CHECK(notice->reason == "late");
    CHECK(notice->since == since);
    CHECK(notice->next_try_at == due);
    CHECK(says(notice->what_to_do, "payment worker"));
  }
}

TEST_CASE("an order that waits for its customer, or is finished, needs nobody") {
  constexpr std::int64_t long_after = created + 1'000'000 * second;
  CHECK_FALSE(attention_of(order(Status::pending_payment, Phase::waiting), settings, long_after));
  CHECK_FALSE(attention_of(order(Status::fulfilled, Phase::none), settings, long_after));
}

TEST_CASE("a failed order is listed at once, without a next try of its own, with the command that lets it go on") {
  for (const auto& [status, name] :
       {std::pair{Status::fulfillment_failed, "fulfillment_failed"}, {Status::payment_failed, "payment_failed"}}) {
    OrderState state = order(status, Phase::waiting);
    state.reason = Reason::handler_failed;  // what was last tried says less
    const auto notice = attention_of(state, settings, created);
    REQUIRE(notice);
    CHECK(notice->reason == name);
    CHECK(notice->next_try_at == 0);
    CHECK(says(notice->what_to_do, "circuit retry {"));
  }
  CHECK(says(attention_of(order(Status::fulfillment_failed, Phase::waiting), settings, 0)->what_to_do,
             "circuit refund {0}"));
}

TEST_CASE("every reason is listed at once by its name, with the next try, unless the order is held") {
  for (std::size_t number = 1; number < circuit::schema::reason_names.size(); ++number) {
    CAPTURE(number);
    OrderState state = order(Status::pending_payment, Phase::charge);
    state.reason = static_cast<Reason>(number);
    const auto notice = attention_of(state, settings, created);
    REQUIRE(notice);
    CHECK(notice->reason == circuit::schema::reason_names[number]);
    CHECK(notice->since == created);
    CHECK(notice->next_try_at == due);
    CHECK(says(notice->what_to_do, "circuit retry {}"));
    state.flags = OrderState::held_flag;
    CHECK(attention_of(state, settings, created)->next_try_at == 0);
  }
}

TEST_CASE("what a person must put right is said for its reason") {
  const auto remedy = [](Reason reason) {
    OrderState state = order(Status::pending_payment, Phase::charge);
    state.reason = reason;
    return attention_of(state, settings, created)->what_to_do;
  };
  CHECK(says(remedy(Reason::capture_mismatch), "put the money right"));
  CHECK(says(remedy(Reason::refund_refused), "by hand"));
  CHECK(says(remedy(Reason::lease_lost), "logs"));
  CHECK(says(remedy(Reason::provider_error), "by itself"));
}
