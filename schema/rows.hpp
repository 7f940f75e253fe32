// The rows of the journal. Stored numbers are append-only and 0 is reserved.
//
// To change a row: give it a new struct beside the old one, raise journal_format, and write the step from the old
// format in broker/journal; a journal of another format is refused at start with a message that names the remedy.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "schema/names.hpp"
#include "schema/uuid.hpp"

namespace circuit::schema {

inline constexpr std::uint32_t journal_format = 1;

// What an order waits for. Only orders with a phase other than `none` stand in the table of open orders.
enum class Phase : std::uint8_t {
  none = 0,         // finished
  waiting = 1,      // for the customer: manual confirmation, or a retry after a failed payment
  charge = 2,       // for a payment worker to capture the money
  void_cancel = 3,  // … to void the charge, so that a requested cancel can be made
  void_expire = 4,  // … so that the order can expire
  void_fail = 5,    // … so that the payment can fail after its last try
  fulfill = 6,      // for a fulfilment worker
  refund = 7,       // for a payment worker to give the money back
};

// Why an order needs a person's attention, or why its last try did not work.
enum class Reason : std::uint8_t {
  none = 0,
  provider_error = 1,    // the provider answered with an error
  provider_unknown = 2,  // the provider did not answer, and a look-up could not tell
  provider_pending = 3,  // the provider is still working on it
  handler_failed = 4,    // the product's handler failed for now
  lease_lost = 5,        // workers that had the job went away
  capture_mismatch = 6,  // the provider holds another amount, currency or order than was ordered
  refund_refused = 7,    // the provider knows no charge to give back
};

inline constexpr std::array<std::string_view, 8> reason_names = {
    "none",           "provider_error", "provider_unknown", "provider_pending",
    "handler_failed", "lease_lost",     "capture_mismatch", "refund_refused"};
constexpr std::string_view name_of(Reason reason) {
  const auto index = static_cast<std::size_t>(reason);
  return index < reason_names.size() ? reason_names[index] : "unknown";
}
constexpr Role role_of(Phase phase) { return phase == Phase::fulfill ? Role::fulfillment : Role::payment; }

// The small hot row: where an order stands. Written at every step. Times are µs since the epoch, 0 when it did not
// happen.
struct OrderState {
  Status status = Status::none;
  Phase phase = Phase::none;
  Reason reason = Reason::none;
  std::uint8_t flags = 0;           // see below
  std::uint32_t version = 0;        // one more with each event
  std::uint32_t attempt = 0;        // of the payment; part of the charge's key
  std::uint32_t tries = 0;          // of the current phase
  std::uint32_t lost_leases = 0;    // of the current phase
  std::uint32_t token_version = 0;  // a delivery token of another version is revoked
  std::uint64_t last_seq = 0;       // of the order's newest event
  std::int64_t due_at = 0;          // of the next try; 0: now
  std::int64_t created_at = 0;
  std::int64_t expires_at = 0;  // the time to pay ends
  std::int64_t paid_at = 0;
  std::int64_t fulfilled_at = 0;
  std::int64_t refunded_at = 0;

  bool operator==(const OrderState&) const = default;

  static constexpr std::uint8_t maybe_tried_flag = 1;  // an effect outside may have happened: look up before sending
  static constexpr std::uint8_t held_flag = 2;         // not handed out: it waits for a person
  [[nodiscard]] bool maybe_tried() const { return (flags & maybe_tried_flag) != 0; }
  [[nodiscard]] bool held() const { return (flags & held_flag) != 0; }
  // Whether a worker has something to do for it, now or when it is due.
  [[nodiscard]] bool runnable() const { return phase > Phase::waiting && !held(); }
};
static_assert(std::is_trivially_copyable_v<OrderState> && sizeof(OrderState) == 80);

// The large cold row: what was ordered. Written once. `Text` holds its bytes, or is a view of somebody else's.
template <class Text>
struct BasicOrderBody {
  Text product_id;
  Text customer_id;
  Text idempotency_key;
  std::int64_t amount = 0;  // minor units
  Text currency;
  Text upstream;     // who ordered, and alone gets the delivery token
  Text fingerprint;  // 16 bytes: the same order sent again has the same
  Text input;        // 32 bytes: the SHA-256 that names the stored input; empty without one
  Text metadata;     // MessagePack; empty without any
  static constexpr auto members =
      std::tuple{&BasicOrderBody::product_id,  &BasicOrderBody::customer_id, &BasicOrderBody::idempotency_key,
                 &BasicOrderBody::amount,      &BasicOrderBody::currency,    &BasicOrderBody::upstream,
                 &BasicOrderBody::fingerprint, &BasicOrderBody::input,       &BasicOrderBody::metadata};
};
using OrderBody = BasicOrderBody<std::string>;
using OrderBodyView = BasicOrderBody<std::string_view>;

}  // namespace circuit::schema
