// An event: what happened to one order, in the order in which everything happened (law 4). Its encoding is made once;
// the same bytes are stored, published and replayed. Format (DESIGN §3.2), a MessagePack map in this key order:
//   { seq: uint64 in nine bytes, ts: µs since the epoch, type, order_id: "ord_…", version, status, data: {…} }
// Input, metadata, tokens and addresses are in no event: `for_each_field` is the whole list of what data holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/check.hpp"
#include "schema/codec.hpp"
#include "schema/names.hpp"
#include "schema/uuid.hpp"

namespace circuit::schema {

// A delivered file, named within its order's deliverable directory. The hash is SHA-256 in hex.
struct DeliveredFile {
  std::string_view name;
  std::uint64_t size = 0;
  std::string_view sha256;
  static constexpr auto members = std::tuple{&DeliveredFile::name, &DeliveredFile::size, &DeliveredFile::sha256};
};

// Strings are views: of the bytes that an event was decoded from, or of what its maker keeps alive while it encodes.
struct EventData {
  std::string_view customer_id;
  std::string_view product_id;
  std::int64_t amount = 0;  // minor units
  std::string_view currency;
  std::uint32_t attempt = 0;
  std::string_view provider;
  std::string_view charge_id;
  std::string_view refund_id;
  std::string_view reason;         // a word: what programs match on
  std::string_view message;        // a sentence: what people read
  std::string_view made_by;        // the role that made the move
  std::string_view operator_name;  // who it was, of a move that the operator made
  std::string_view deliverable;    // "license" or "files"
  std::string_view directory;      // of the files, below the order's own
  std::int64_t delivery_us = 0;    // from payment to fulfilment
  std::vector<DeliveredFile> files;
};

// What an order_fulfilled says was made: files below the deliverables, or a licence that is derived when it is
// redeemed.
inline constexpr std::string_view deliverable_files = "files";
inline constexpr std::string_view deliverable_license = "license";

struct Event {
  std::uint64_t seq = 0;
  std::int64_t ts = 0;  // µs since the epoch, UTC
  EventType type = EventType::none;
  Uuid order;
  std::uint32_t version = 0;
  Status status = Status::none;
  EventData data;
};

// The named fields of each type of event, in their order.
template <class Data, class Field>
void for_each_field(EventType type, Data& data, Field&& field) {
  field("customer_id", data.customer_id);
  switch (type) {
    case EventType::none: break;
    case EventType::order_created:
      field("product_id", data.product_id);
      field("amount", data.amount);
      field("currency", data.currency);
      break;
    case EventType::payment_requested:
    case EventType::payment_retried: field("attempt", data.attempt); break;
    case EventType::retry_requested: field("reason", data.reason); break;
    case EventType::payment_confirmed:
      field("amount", data.amount);
      field("currency", data.currency);
      field("attempt", data.attempt);
      field("provider", data.provider);
      field("charge_id", data.charge_id);
      break;
    case EventType::order_fulfilled:
      field("product_id", data.product_id);
      field("delivery_us", data.delivery_us);
      field("deliverable", data.deliverable);
      if (data.deliverable == deliverable_files) {
        field("directory", data.directory);
        field("files", data.files);
      }
      break;
    case EventType::payment_failed: field("attempt", data.attempt); [[fallthrough]];
    case EventType::fulfillment_failed:
      field("reason", data.reason);
      field("message", data.message);
      break;
    case EventType::cancel_requested:
    case EventType::order_cancelled:
    case EventType::fulfillment_retried: field("made_by", data.made_by); break;
    case EventType::order_expired: break;
    case EventType::refund_requested:
      field("amount", data.amount);
      field("currency", data.currency);
      field("made_by", data.made_by);
      field("reason", data.reason);
      break;
    case EventType::order_refunded:
      field("amount", data.amount);
      field("currency", data.currency);
      field("provider", data.provider);
      field("refund_id", data.refund_id);
      break;
  }
  if (!data.operator_name.empty()) field("operator", data.operator_name);
}

// Appends the event's bytes to `out`.
void encode_event(std::string& out, const Event& event);

// Writes the sequence number into an encoded event: it is known only inside the transaction.
void set_event_seq(char* encoded, std::uint64_t seq);
[[nodiscard]] std::uint64_t event_seq(std::string_view encoded);

// Nothing when the value is no event in the format above.
[[nodiscard]] std::optional<Event> decode_event(const Document::Value& value);

}  // namespace circuit::schema
