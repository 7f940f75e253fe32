// Requests as upstreams and operators send them (DESIGN §3.1): one MessagePack map each. Everything here is a
// stranger's until it is checked; what decode_request returns has every field present, of its kind, and within its
// limits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "schema/document.hpp"
#include "schema/names.hpp"
#include "schema/result.hpp"
#include "schema/uuid.hpp"

namespace circuit::schema {

// Views point into the request's bytes.
struct CreateOrder {
  std::string_view product_id;
  std::string_view customer_id;
  std::string_view idempotency_key;
  std::int64_t amount = 0;  // minor units
  std::string_view currency;
  std::optional<std::string> client_ip;  // canonical text
  Document::Value input;                 // a map, or empty
  Document::Value metadata;              // a map, or empty
};
// `operator_name` is who asks on the control socket; empty on any other.
struct ConfirmPayment {
  Uuid order;
  std::string_view operator_name;
};
struct CancelOrder {
  Uuid order;
  std::string_view operator_name;
};
struct RequestRefund {
  Uuid order;
  std::string_view reason;
  std::string_view operator_name;
};
struct GetOrder {
  Uuid order;
};
struct GetReceipt {
  Uuid order;
};
struct GetStats {};
struct Ping {};
// Operators only, on the control socket:
struct ListOrders {
  std::optional<Status> status;
  std::optional<Uuid> after;
  std::uint32_t max = 100;
};
struct GetAttention {
  std::optional<Uuid> after;
  std::uint32_t max = 1000;
};
struct RetryOrder {
  Uuid order;
  std::string_view operator_name;
};
struct RedeemToken {
  std::string_view token;
};
struct Recount {};
struct Backup {
  std::string_view directory;  // absolute; of the journal's copy
};
struct GetStatus {};

using Request = std::variant<CreateOrder, ConfirmPayment, CancelOrder, RequestRefund, GetOrder, GetReceipt, GetStats,
                             Ping, ListOrders, GetAttention, RetryOrder, RedeemToken, Recount, Backup, GetStatus>;

struct DecodedRequest {
  Document::Value request_id;  // to be echoed; empty when there is none or it can't be read
  Result<Request> request;
};

// Reads one request. `document` holds the parse and must live as long as the result, and so must `bytes`.
[[nodiscard]] DecodedRequest decode_request(Document& document, std::string_view bytes);

// The request's `type`, as it stands on the wire.
[[nodiscard]] std::string_view name_of(const Request& request);

// Whether only an operator may send it.
[[nodiscard]] bool is_operator_request(const Request& request);

// An address in canonical text, or nothing when it is neither IPv4 nor IPv6. IPv4-mapped IPv6 becomes IPv4.
[[nodiscard]] std::optional<std::string> canonical_ip(std::string_view text);

// The /64 network of an IPv6 address, as text; nothing for anything else.
[[nodiscard]] std::optional<std::string> ipv6_network_64(std::string_view text);

}  // namespace circuit::schema
