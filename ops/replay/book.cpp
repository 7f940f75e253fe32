#include "ops/replay/book.hpp"

#include <algorithm>
#include <optional>

#include "schema/order_id.hpp"
#include "schema/transitions.hpp"

namespace circuit::ops {

using schema::Event;
using schema::EventType;
using schema::Status;

namespace {

std::optional<schema::Role> role_of(std::string_view name) {
  for (const schema::Role role : schema::all_roles)
    if (name_of(role) == name) return role;
  return std::nullopt;
}

// The rule of this move by anybody.
const schema::TransitionRule* rule_of(Status from, EventType event) {
  for (const schema::Role role : schema::all_roles)
    if (const auto* rule = schema::find_transition(from, event, role)) return rule;
  return nullptr;
}

std::string moved(const Event& event, Status from) {
  return std::string(name_of(event.type)) + " after " + std::string(name_of(from));
}

}  // namespace

void Book::add(const Event& event) {
  if (event.seq != totals_.last_seq + 1)
    fault(event, "seq " + std::to_string(totals_.last_seq + 1) + " should come here");
  totals_.add(event);
  const auto [at, is_new] = orders_.try_emplace(event.order);
  ReplayedOrder& order = at->second;
  if (is_new && event.type != EventType::order_created) fault(event, "the order was never created");
  const bool is_legal = check_move(event, order);
  if (event.type == EventType::order_created)
    create(event, order);
  else if (is_legal)
    check_data(event, order);
  order.status = event.status;
  order.version = event.version;
  switch (event.type) {
    case EventType::payment_retried: ++order.attempt; break;
    case EventType::cancel_requested: order.cancel_requested = true; break;
    case EventType::payment_confirmed: order.paid_at = event.ts; break;
    case EventType::order_fulfilled: order.fulfilled_at = event.ts; break;
    case EventType::order_refunded: order.refunded_at = event.ts; break;
    default: break;
  }
}

void Book::create(const Event& event, ReplayedOrder& order) {
  order.attempt = 1;
  order.product = number_of(event.data.product_id);
  order.currency = number_of(event.data.currency);
  order.amount = event.data.amount;
  order.created_at = event.ts;
  order.customer_id = event.data.customer_id;
}

bool Book::check_move(const Event& event, const ReplayedOrder& order) {
  if (event.version != order.version + 1)
    fault(event, "its version is " + std::to_string(event.version) + " and not " + std::to_string(order.version + 1));
  const schema::TransitionRule* rule = rule_of(order.status, event.type);
  if (!rule) {
    fault(event, "no rule allows " + moved(event, order.status));
    return false;
  }
  if (rule->to != event.status)
    fault(event, moved(event, order.status) + " leads to " + std::string(name_of(rule->to)) + ", but it says " +
                     std::string(name_of(event.status)));
  const auto role = role_of(event.data.made_by);
  if (!event.data.made_by.empty() && (!role || !holds(rule->owners, *role)))
    fault(event, std::string(event.data.made_by) + " may not make " + moved(event, order.status));
  return true;
}

void Book::check_data(const Event& event, const ReplayedOrder& order) {
  if (event.data.customer_id != order.customer_id) fault(event, "it names another customer than the order");
  check_money(event, order);
  switch (event.type) {
    case EventType::order_cancelled:
      if (order.status == Status::pending_payment && !order.cancel_requested)
        fault(event, "nobody asked for this cancellation");
      break;
    case EventType::order_fulfilled:
      if (event.data.product_id != word(order.product)) fault(event, "it names another product than the order");
      if (event.data.delivery_us != event.ts - order.paid_at)
        fault(event, "its delivery_us is not the time since the payment");
      break;
    default: break;
  }
}

void Book::check_money(const Event& event, const ReplayedOrder& order) {
  const bool has_amount = event.type == EventType::payment_confirmed || event.type == EventType::refund_requested ||
                          event.type == EventType::order_refunded;
  if (has_amount && (event.data.amount != order.amount || event.data.currency != word(order.currency)))
    fault(event, "its amount is " + std::to_string(event.data.amount) + ' ' + std::string(event.data.currency) +
                     ", the order's is " + std::to_string(order.amount) + ' ' + std::string(word(order.currency)));
  const bool has_attempt = event.type == EventType::payment_confirmed || event.type == EventType::payment_failed ||
                           event.type == EventType::payment_requested || event.type == EventType::payment_retried;
  const std::uint32_t attempt = order.attempt + (event.type == EventType::payment_retried ? 1 : 0);
  if (has_attempt && event.data.attempt != attempt)
    fault(event, "its attempt is " + std::to_string(event.data.attempt) + " and not " + std::to_string(attempt));
}

const ReplayedOrder* Book::find(const schema::Uuid& order) const {
  const auto at = orders_.find(order);
  return at == orders_.end() ? nullptr : &at->second;
}

std::uint32_t Book::number_of(std::string_view word) {
  const auto at = std::ranges::find(words_, word);
  const auto number = static_cast<std::uint32_t>(at - words_.begin());
  if (at == words_.end()) words_.emplace_back(word);
  return number;
}

void Book::fault(const Event& event, const std::string& what) {
  ++fault_count_;
  if (faults_.size() == faults_max) return;
  faults_.push_back({event.seq, "seq " + std::to_string(event.seq) + ", " + std::string(name_of(event.type)) + " of " +
                                    schema::order_id_text(event.order) + ": " + what});
}

}  // namespace circuit::ops
