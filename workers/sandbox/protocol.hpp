// What payment workers and the sandbox say to each other on sandbox.sock (ROUTER at the sandbox, DEALER at the worker).
// A message is one frame: a MessagePack array of operations one way, an array of answers the other way. Answers come in
// any order and may be missing; the number tells them apart. Operations of one worker are carried out in the order they
// were sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "schema/uuid.hpp"

namespace circuit::sandbox {

// A message with more operations is dropped. Senders split their batches.
inline constexpr std::size_t message_operations_max = 10'000;

// The key of a charge. Whatever is sent under the same key is the same charge.
struct ChargeKey {
  schema::Uuid order;
  std::uint32_t attempt = 0;
  bool operator==(const ChargeKey&) const = default;
  static constexpr auto members = std::tuple{&ChargeKey::order, &ChargeKey::attempt};
};

enum class OperationKind : std::uint8_t {
  none = 0,
  charge = 1,       // capture the amount, once per key
  lookup = 2,       // say how the key stands, change nothing
  void_charge = 3,  // unless it was captured, close the key: it can never be captured
  refund = 4,       // give back all that was captured, once per key
};

enum class Result : std::uint8_t {
  none = 0,
  captured = 1,
  declined = 2,   // for good
  voided = 3,     // for good
  refunded = 4,   // for good
  not_found = 5,  // nothing was ever taken under this key
  pending = 6,    // the sandbox is still working on it
  error = 7,      // nothing was done; it may work later
};

// Strings are views into the message, or of what the sender keeps alive.
struct Operation {
  std::uint64_t number = 0;  // echoed
  OperationKind kind = OperationKind::none;
  ChargeKey key;
  std::int64_t amount = 0;  // minor units; a refund gives back what was captured, whatever stands here
  std::string_view currency;
  std::string_view behaviour;  // of a charge: how to misbehave (behaviour.hpp)
  static constexpr auto members = std::tuple{&Operation::number, &Operation::kind,     &Operation::key,
                                             &Operation::amount, &Operation::currency, &Operation::behaviour};
};

struct Answer {
  std::uint64_t number = 0;
  Result result = Result::none;
  ChargeKey key;
  std::int64_t amount = 0;  // what was captured or given back
  std::string_view currency;
  std::string_view reference;  // of the ledger's line that decided
  std::string_view message;    // a sentence, when declined or in error
  static constexpr auto members = std::tuple{&Answer::number,   &Answer::result,    &Answer::key,    &Answer::amount,
                                             &Answer::currency, &Answer::reference, &Answer::message};
};

}  // namespace circuit::sandbox
