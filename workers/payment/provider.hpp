// A payment provider as the flow sees it: requests go out in batches, answers come back in any order or never. A
// provider decides nothing and repeats nothing by itself; time-outs are the flow's.
//
// Whatever a provider calls things, an implementation must keep these meanings, because the rules of money (DESIGN
// §2.1) stand on them: `captured`, `refunded` and the sums are what the provider holds, `declined` and `voided` mean
// that this key can never be captured any more, and `not_found` that nothing is held under it now. In doubt the result
// is `error`.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <zmq.hpp>

#include "schema/uuid.hpp"

namespace circuit::payment {

// All requests of one order and attempt carry the same key at the provider.
struct ProviderRequest {
  std::uint64_t number = 0;  // the caller's; comes back with the answer
  schema::Uuid order;
  std::uint32_t attempt = 0;
  std::int64_t amount = 0;  // minor units
  std::string_view currency;
  std::string_view behaviour;  // for the sandbox only: how to misbehave
};

enum class ProviderResult : std::uint8_t { error, captured, declined, voided, refunded, not_found, pending };

// Views die when the callback returns.
struct ProviderAnswer {
  std::uint64_t number = 0;
  ProviderResult result = ProviderResult::error;
  schema::Uuid order;
  std::uint32_t attempt = 0;
  std::int64_t amount = 0;  // captured, or given back
  std::string_view currency;
  std::string_view reference;  // the provider's id of the charge, or of the refund
  std::string_view message;    // a sentence for people; may be empty
};

class PaymentProvider {
 public:
  virtual ~PaymentProvider() = default;

  // A word for events and logs.
  [[nodiscard]] virtual std::string_view name() const = 0;

  // Each is queued until flush(); views are copied.
  virtual void charge(const ProviderRequest& request) = 0;       // capture the amount
  virtual void lookup(const ProviderRequest& request) = 0;       // how does the key stand?
  virtual void void_charge(const ProviderRequest& request) = 0;  // close the key, unless it was captured
  virtual void refund(const ProviderRequest& request) = 0;       // give back all that was captured

  // Sends what was queued. Never blocks. Call once per loop.
  virtual void flush() = 0;

  // What was queued and not sent is not sent any more.
  virtual void forget_unsent() = 0;

  // For zmq::poll: readable when receive() has something to do, or writable when flush() has.
  [[nodiscard]] virtual zmq::pollitem_t poll_item() = 0;

  // Gives all answers that have arrived.
  virtual void receive(const std::function<void(const ProviderAnswer&)>& on_answer) = 0;
};

}  // namespace circuit::payment
