// The payment flow: what becomes of each job, by the rules of money (DESIGN §2.1). No sockets, no threads, no clock: a
// job, an answer and the passing of time come in; requests to the provider and outcomes for the broker go out.
//
//   charge     not maybe_tried: charge. Otherwise look up, and charge only what is not found.
//   void_…     void the key. Nothing can be captured any more: the exit that the phase names. Captured:
//   payment_confirmed;
//              the broker turns a requested cancel into a refund.
//   refund     not maybe_tried: refund. Otherwise look up, and refund only what is captured.
//
// Invariants:
//   1. One flight per order. A job for an order in flight hands over its lease (and phase) and sends nothing.
//   2. After an error or a time-out nothing is concluded: a charge is looked up, and what the look-up can't tell is
//   deferred
//      as maybe_tried. That also holds for `not_found` behind a charge, because the charge may still arrive.
//   3. An order is confirmed only with the amount, currency and key that it has. Other money goes back first; then the
//   payment
//      fails as `capture_mismatch`. If it can't be given back for certain, a person must look
//      (Reason::capture_mismatch).
//   4. A key that was declined, voided or refunded can't be captured any more, whoever closed it: in phase charge the
//   payment
//      fails and says so.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "schema/document.hpp"
#include "schema/work.hpp"
#include "workers/payment/offers.hpp"
#include "workers/payment/provider.hpp"

namespace circuit::payment {

struct FlowOptions {
  std::chrono::milliseconds timeout{5'000};  // of each request to the provider
  std::size_t in_flight_max = 4'000;         // the credit
};

class PaymentFlow {
 public:
  // Outcomes go to `sink`, whose views die when it returns. The provider must outlive the flow; its flush() is the
  // caller's.
  PaymentFlow(FlowOptions options, PaymentProvider& provider, std::function<void(const schema::Outcome&)> sink);

  void on_job(const schema::Job& job, TimePoint now);
  void on_answer(const ProviderAnswer& answer, TimePoint now);
  void on_refused(const schema::Refused& refused, TimePoint now);
  // Time-outs, and outcomes to offer again.
  void tick(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_due() const;

  // All flights end here, without outcomes and without another request: others may do these jobs now.
  void abandon();

  // From now on jobs are ignored; the broker hands them to another worker after the goodbye.
  void drain() { draining_ = true; }
  [[nodiscard]] std::size_t in_flight() const { return by_order_.size(); }

 private:
  // What the provider was asked last. give_back: a refund of money that does not match.
  enum class Asked : std::uint8_t { charge, lookup, void_charge, refund, give_back };

  struct Flight {
    schema::Lease lease;
    schema::Uuid order;
    schema::Phase phase = schema::Phase::none;
    Asked asked = Asked::charge;
    bool charged = false;                         // a charge of this flight may still arrive
    schema::Reason doubt = schema::Reason::none;  // why the charge is looked up
    std::uint32_t attempt = 0;
    std::uint64_t number = 0;  // of the request that is out; 0: the place is free
    std::int64_t amount = 0;
    std::string currency;
    std::string behaviour;
  };
  struct Deadline {
    TimePoint at;
    std::uint64_t number = 0;
  };

  Flight& take_place();
  void begin(Flight& flight, bool maybe_tried, TimePoint now);
  void adopt(Flight& flight, const schema::Job& job);
  void ask(Flight& flight, Asked asked, TimePoint now);
  [[nodiscard]] Flight* find(std::uint64_t number);

  void on_captured(Flight& flight, const ProviderAnswer& answer, TimePoint now);
  void on_refunded(Flight& flight, const ProviderAnswer& answer);
  void on_closed(Flight& flight, const ProviderAnswer& answer);
  void on_not_found(Flight& flight, TimePoint now);
  void on_pending(Flight& flight, TimePoint now);
  void on_unknown(Flight& flight, schema::Reason reason, TimePoint now);
  void on_given_back(Flight& flight, const ProviderAnswer& answer);

  void exit_voided(Flight& flight);
  void make(Flight& flight, schema::EventType event, const ProviderAnswer& answer);
  void fail(Flight& flight, std::string_view failure, std::string_view message);
  void defer(Flight& flight, schema::Reason reason);
  void hold(Flight& flight, schema::Reason reason, std::string_view message);
  void decide(Flight& flight, schema::Outcome outcome);
  void release(Flight& flight);
  std::string_view behaviour_in(std::string_view metadata);

  FlowOptions options_;
  PaymentProvider& provider_;
  Offers offers_;
  bool draining_ = false;
  std::deque<Flight> flights_;  // places; a request's number holds its flight's place
  std::vector<std::uint32_t> free_;
  std::unordered_map<schema::Uuid, std::uint32_t> by_order_;
  std::deque<Deadline> deadlines_;  // in the order of time, because all requests wait equally long
  std::uint64_t requests_ = 0;
  schema::Document document_;
};

}  // namespace circuit::payment
