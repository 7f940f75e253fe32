#include "workers/payment/flow.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "broker/daemon/planted_bug.hpp"
#include "schema/check.hpp"
#include "schema/limits.hpp"
#include "schema/order_id.hpp"

namespace circuit::payment {

using schema::EventType;
using schema::Phase;
using schema::Reason;

namespace {

// A request's number: its flight's place below, a counter above, so that an answer to an earlier request finds nobody.
constexpr unsigned place_bits = 24;
constexpr std::uint64_t place_mask = (1u << place_bits) - 1;

bool is_void(Phase phase) {
  return phase == Phase::void_cancel || phase == Phase::void_expire || phase == Phase::void_fail;
}

bool is_payment(Phase phase) { return phase == Phase::charge || phase == Phase::refund || is_void(phase); }

template <class Flight>
bool has_key(const Flight& flight, const ProviderAnswer& answer) {
  return answer.order == flight.order && answer.attempt == flight.attempt;
}

template <class Flight>
bool matches(const Flight& flight, const ProviderAnswer& answer) {
  return has_key(flight, answer) && answer.amount == flight.amount && answer.currency == flight.currency;
}

// What a person may read in an event: never empty, bounded, printable.
std::string_view sentence(std::string_view message, std::string_view otherwise) {
  const bool good =
      !message.empty() && message.size() <= schema::failure_message_bytes_max && schema::is_printable_utf8(message);
  return good ? message : otherwise;
}

}  // namespace

PaymentFlow::PaymentFlow(FlowOptions options, PaymentProvider& provider,
                         std::function<void(const schema::Outcome&)> sink)
    : options_(options), provider_(provider), offers_(2 * options.in_flight_max + 1, std::move(sink)) {
  by_order_.reserve(options.in_flight_max);
}

void PaymentFlow::on_job(const schema::Job& job, TimePoint now) {
  if (draining_) return;
  if (!is_payment(job.phase)) {
    spdlog::error("order {}: phase {} is no work for payment", schema::order_id_text(job.order),
                  static_cast<int>(job.phase));
    return;
  }
  if (const auto at = by_order_.find(job.order); at != by_order_.end()) {
    Flight& flight = flights_[at->second];
    if (flight.attempt == job.attempt) return adopt(flight, job);
    // A new attempt follows only the end of the old one: whatever the old key's flight waits for is decided.
    release(flight);
  }
  Flight& flight = take_place();
  flight.lease = job.lease;
  flight.order = job.order;
  flight.phase = job.phase;
  flight.charged = false;
  flight.doubt = Reason::none;
  flight.attempt = job.attempt;
  flight.amount = job.amount;
  flight.currency = job.currency;
  flight.behaviour = behaviour_in(job.metadata);
  begin(flight, job.maybe_tried, now);
}

PaymentFlow::Flight& PaymentFlow::take_place() {
  if (free_.empty()) {
    CIRCUIT_CHECK(flights_.size() < place_mask, "a request's number holds its flight's place");
    free_.push_back(static_cast<std::uint32_t>(flights_.size()));
    flights_.emplace_back();
  }
  Flight& flight = flights_[free_.back()];
  flight.number = free_.back();
  free_.pop_back();
  return flight;
}

void PaymentFlow::begin(Flight& flight, bool maybe_tried, TimePoint now) {
  by_order_.emplace(flight.order, static_cast<std::uint32_t>(flight.number & place_mask));
  // A void needs no look-up first: it captures nothing, and its answer says how the key stands.
  if (is_void(flight.phase)) return ask(flight, Asked::void_charge, now);
  const bool looks_up = !daemon::is_planted(daemon::PlantedBug::retry_without_lookup);
  if (maybe_tried && looks_up) return ask(flight, Asked::lookup, now);
  ask(flight, flight.phase == Phase::refund ? Asked::refund : Asked::charge, now);
}

void PaymentFlow::adopt(Flight& flight, const schema::Job& job) {
  flight.lease = job.lease;
  // A cancel may have come meanwhile. What was asked is answered first; the answer is then weighed in the new phase.
  flight.phase = job.phase;
}

void PaymentFlow::ask(Flight& flight, Asked asked, TimePoint now) {
  flight.asked = asked;
  flight.number = ++requests_ << place_bits | (flight.number & place_mask);
  deadlines_.push_back({now + options_.timeout, flight.number});
  ProviderRequest request{flight.number, flight.order, flight.attempt, flight.amount, flight.currency, {}};
  switch (asked) {
    case Asked::charge:
      flight.charged = true;
      request.behaviour = flight.behaviour;
      return provider_.charge(request);
    case Asked::lookup: return provider_.lookup(request);
    case Asked::void_charge: return provider_.void_charge(request);
    case Asked::refund:
    case Asked::give_back: return provider_.refund(request);
  }
}

PaymentFlow::Flight* PaymentFlow::find(std::uint64_t number) {
  const std::uint64_t place = number & place_mask;
  if (number == 0 || place >= flights_.size() || flights_[place].number != number) return nullptr;
  return &flights_[place];
}

void PaymentFlow::on_answer(const ProviderAnswer& answer, TimePoint now) {
  Flight* flight = find(answer.number);
  if (!flight) return;  // It comes after its time-out, or twice.
  if (flight->asked == Asked::give_back) return on_given_back(*flight, answer);
  // What is said about another key proves nothing about ours; only money under a wrong key is believed, and looked
  // into.
  if (!has_key(*flight, answer) && answer.result != ProviderResult::captured)
    return on_unknown(*flight, Reason::provider_error, now);
  switch (answer.result) {
    case ProviderResult::captured: return on_captured(*flight, answer, now);
    case ProviderResult::refunded: return on_refunded(*flight, answer);
    case ProviderResult::declined:
    case ProviderResult::voided: return on_closed(*flight, answer);
    case ProviderResult::not_found: return on_not_found(*flight, now);
    case ProviderResult::pending: return on_pending(*flight, now);
    case ProviderResult::error: return on_unknown(*flight, Reason::provider_error, now);
  }
}

void PaymentFlow::on_captured(Flight& flight, const ProviderAnswer& answer, TimePoint now) {
  if (flight.phase == Phase::refund) {
    // A refund that answers `captured` gave nothing back.
    if (flight.asked == Asked::refund) return defer(flight, Reason::provider_error);
    return ask(flight, Asked::refund, now);
  }
  if (matches(flight, answer)) return make(flight, EventType::payment_confirmed, answer);
  spdlog::warn("order {}: captured {} {}, ordered {} {}; giving it back", schema::order_id_text(flight.order),
               answer.amount, sentence(answer.currency, "?"), flight.amount, flight.currency);
  ask(flight, Asked::give_back, now);
}

void PaymentFlow::on_given_back(Flight& flight, const ProviderAnswer& answer) {
  if (answer.result == ProviderResult::refunded && has_key(flight, answer))
    return fail(flight, "capture_mismatch", "the provider captured another sum than was ordered; it was given back");
  hold(flight, Reason::capture_mismatch, "the provider captured another sum than was ordered, and kept it");
}

void PaymentFlow::on_refunded(Flight& flight, const ProviderAnswer& answer) {
  const bool right = matches(flight, answer);
  if (flight.phase == Phase::refund) {
    if (right) return make(flight, EventType::order_refunded, answer);
    return hold(flight, Reason::capture_mismatch, "the provider gave back another sum than was paid");
  }
  // An earlier flight gave wrong money back, and its outcome did not reach the broker.
  if (!right)
    return fail(flight, "capture_mismatch", "the provider captured another sum than was ordered; it was given back");
  if (is_void(flight.phase)) return exit_voided(flight);
  fail(flight, "refunded", "the charge was already given back at the provider");
}

void PaymentFlow::on_closed(Flight& flight, const ProviderAnswer& answer) {
  if (flight.phase == Phase::refund)
    return hold(flight, Reason::refund_refused, "the provider has nothing to give back: the charge was never captured");
  if (flight.phase == Phase::void_cancel || flight.phase == Phase::void_expire) return exit_voided(flight);
  if (answer.result == ProviderResult::declined)
    return fail(flight, "declined", sentence(answer.message, "the provider declined the charge"));
  if (flight.phase == Phase::void_fail) return exit_voided(flight);
  fail(flight, "voided", "the charge was already voided at the provider");
}

void PaymentFlow::on_not_found(Flight& flight, TimePoint now) {
  if (flight.phase == Phase::refund)
    return hold(flight, Reason::refund_refused, "the provider does not know the charge");
  if (is_void(flight.phase)) return on_unknown(flight, Reason::provider_error, now);
  if (flight.asked == Asked::charge) return on_unknown(flight, Reason::provider_error, now);
  if (!flight.charged) return ask(flight, Asked::charge, now);
  defer(flight, flight.doubt);
}

void PaymentFlow::on_pending(Flight& flight, TimePoint now) {
  if (is_void(flight.phase) && flight.asked != Asked::void_charge) return ask(flight, Asked::void_charge, now);
  defer(flight, Reason::provider_pending);
}

void PaymentFlow::on_unknown(Flight& flight, Reason reason, TimePoint now) {
  if (flight.asked == Asked::give_back)
    return hold(flight, Reason::capture_mismatch,
                "the provider captured another sum than was ordered, and whether it "
                "was given back is unknown");
  if (is_void(flight.phase) && flight.asked != Asked::void_charge) return ask(flight, Asked::void_charge, now);
  if (flight.phase == Phase::charge && flight.asked == Asked::charge) {
    flight.doubt = reason;
    return ask(flight, Asked::lookup, now);
  }
  defer(flight, reason);
}

void PaymentFlow::on_refused(const schema::Refused& refused, TimePoint now) {
  if (refused.again && offers_.again(refused.lease, now)) return;
  spdlog::info("order {}: the broker refused an outcome: {}", schema::order_id_text(refused.order), refused.why);
}

void PaymentFlow::tick(TimePoint now) {
  while (!deadlines_.empty()) {
    const Deadline first = deadlines_.front();
    Flight* flight = find(first.number);
    if (flight && first.at > now) break;
    deadlines_.pop_front();
    if (flight) on_unknown(*flight, Reason::provider_unknown, now);
  }
  offers_.tick(now);
}

void PaymentFlow::abandon() {
  while (!by_order_.empty()) release(flights_[by_order_.begin()->second]);
  deadlines_.clear();
}

std::optional<TimePoint> PaymentFlow::next_due() const {
  std::optional<TimePoint> due = offers_.next_due();
  if (!deadlines_.empty() && (!due || deadlines_.front().at < *due)) due = deadlines_.front().at;
  return due;
}

void PaymentFlow::exit_voided(Flight& flight) {
  if (flight.phase == Phase::void_fail)
    return fail(flight, "tries_used_up", "the provider could not be reached or failed at every try; nothing was taken");
  make(flight, flight.phase == Phase::void_cancel ? EventType::order_cancelled : EventType::order_expired, {});
}

void PaymentFlow::make(Flight& flight, EventType event, const ProviderAnswer& answer) {
  schema::Outcome outcome;
  outcome.decision = schema::Decision::make;
  outcome.event = event;
  outcome.amount = answer.amount;
  outcome.currency = answer.currency;
  outcome.reference = answer.reference;
  decide(flight, std::move(outcome));
}

void PaymentFlow::fail(Flight& flight, std::string_view failure, std::string_view message) {
  schema::Outcome outcome;
  outcome.decision = schema::Decision::make;
  outcome.event = EventType::payment_failed;
  outcome.failure = failure;
  outcome.message = message;
  decide(flight, std::move(outcome));
}

void PaymentFlow::defer(Flight& flight, Reason reason) {
  schema::Outcome outcome;
  outcome.decision = schema::Decision::defer;
  outcome.reason = reason;
  outcome.maybe_tried = true;
  decide(flight, std::move(outcome));
}

void PaymentFlow::hold(Flight& flight, Reason reason, std::string_view message) {
  spdlog::warn("order {}: {}", schema::order_id_text(flight.order), message);
  schema::Outcome outcome;
  outcome.decision = schema::Decision::hold;
  outcome.reason = reason;
  outcome.message = message;
  decide(flight, std::move(outcome));
}

void PaymentFlow::decide(Flight& flight, schema::Outcome outcome) {
  outcome.lease = flight.lease;
  outcome.order = flight.order;
  outcome.provider = provider_.name();
  offers_.make(outcome);
  release(flight);
}

void PaymentFlow::release(Flight& flight) {
  by_order_.erase(flight.order);
  free_.push_back(static_cast<std::uint32_t>(flight.number & place_mask));
  flight.number = 0;
}

std::string_view PaymentFlow::behaviour_in(std::string_view metadata) {
  // Most orders have none: they are not parsed at all.
  if (metadata.find("sandbox") == std::string_view::npos || document_.parse(metadata)) return {};
  const schema::Document::Value value = document_.root().find("sandbox");
  return value ? value.string().value_or(std::string_view{}) : std::string_view{};
}

}  // namespace circuit::payment
