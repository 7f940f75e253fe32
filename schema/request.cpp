#include "schema/request.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <span>

#include "schema/limits.hpp"
#include "schema/money.hpp"
#include "schema/order_id.hpp"
#include "schema/packer.hpp"

namespace circuit::schema {
namespace {

using Value = Document::Value;

// Reads the fields of one request and keeps the first refusal. Once something is refused, the rest is skipped.
class Fields {
 public:
  explicit Fields(const Value& map) : map_(map) {}

  std::string_view text(std::string_view name, std::size_t bytes_max) {
    const Value value = required(name);
    if (!value) return {};
    return checked_text(name, value, bytes_max);
  }
  std::string_view optional_text(std::string_view name, std::size_t bytes_max) {
    const Value value = map_.find(name);
    if (!value || value.is_nil()) return {};
    return checked_text(name, value, bytes_max);
  }
  std::int64_t amount(std::string_view name) {
    const Value value = required(name);
    if (!value) return 0;
    const auto held = value.integer();
    if (!held) {
      refuse(ErrorCode::invalid_field, name,
             "must be an integer in minor units, such as 5000 for 50.00; a float is refused");
      return 0;
    }
    if (!is_order_amount(*held))
      refuse(ErrorCode::invalid_field, name, "must be between 1 and 1000000000000 minor units");
    return *held;
  }
  std::uint32_t optional_natural(std::string_view name, std::uint32_t otherwise, std::uint32_t highest) {
    const Value value = map_.find(name);
    if (!value || value.is_nil()) return otherwise;
    const auto held = value.natural();
    if (!held || *held == 0 || *held > highest) {
      refuse(ErrorCode::invalid_field, name, "must be an integer from 1 to " + std::to_string(highest));
      return otherwise;
    }
    return static_cast<std::uint32_t>(*held);
  }
  Uuid order_id() {
    const std::string_view text = this->text("order_id", order_id_bytes);
    if (refusal_) return {};
    const auto order = parse_order_id(text);
    if (!order)
      refuse(ErrorCode::invalid_field, "order_id", "is no order id: it looks like ord_01h455vb4pex5vsknk084sn02q");
    return order.value_or(Uuid{});
  }
  std::optional<Uuid> optional_order_id(std::string_view name) {
    const std::string_view text = optional_text(name, order_id_bytes);
    if (text.empty()) return std::nullopt;
    const auto order = parse_order_id(text);
    if (!order) refuse(ErrorCode::invalid_field, name, "is no order id");
    return order;
  }
  Value optional_map(std::string_view name) {
    const Value value = map_.find(name);
    if (!value || value.is_nil()) return {};
    if (!value.is_map()) refuse(ErrorCode::invalid_field, name, "must be a map");
    return value;
  }
  void only(std::span<const std::string_view> known) {
    Value key = map_.first_child();
    for (std::uint32_t i = 0; i < map_.size() && !refusal_; ++i, key = key.next().next()) {
      const std::string_view name = *key.string();
      if (std::find(known.begin(), known.end(), name) == known.end() && name != "type" && name != "request_id")
        refuse(ErrorCode::invalid_field, is_printable_utf8(name) ? name.substr(0, 64) : "(unreadable)",
               "is no field of this request");
    }
  }
  void refuse(ErrorCode code, std::string_view field, std::string_view what) {
    if (refusal_) return;
    refusal_ = Refusal{code, std::string(field) + " " + std::string(what), std::string(field), 0};
  }
  [[nodiscard]] const std::optional<Refusal>& refusal() const { return refusal_; }

 private:
  Value required(std::string_view name) {
    const Value value = map_.find(name);
    if (!value || value.is_nil()) {
      refuse(ErrorCode::missing_field, name, "is required");
      return {};
    }
    return value;
  }
  std::string_view checked_text(std::string_view name, const Value& value, std::size_t bytes_max) {
    const auto held = value.string();
    if (!held)
      refuse(ErrorCode::invalid_field, name, "must be a string");
    else if (held->empty() || held->size() > bytes_max)
      refuse(ErrorCode::invalid_field, name, "must have 1 to " + std::to_string(bytes_max) + " bytes");
    else if (!is_printable_utf8(*held))
      refuse(ErrorCode::invalid_field, name, "must be UTF-8 without control characters");
    else
      return *held;
    return {};
  }

  Value map_;
  std::optional<Refusal> refusal_;
};

// Every string UTF-8, every number finite.
bool is_clean(const Value& value) {
  if (const auto text = value.string()) return is_utf8(*text);
  if (const auto number = value.real()) return std::isfinite(*number);
  const std::uint32_t children = value.is_map() ? 2 * value.size() : value.size();
  Value child = value.first_child();
  for (std::uint32_t i = 0; i < children; ++i, child = child.next())
    if (!is_clean(child)) return false;
  return true;
}

std::size_t packed_size(const Value& value) {
  std::string packed;
  Packer(packed).value(value);
  return packed.size();
}

Request create_order(Fields& fields) {
  static constexpr std::array<std::string_view, 8> known = {"product_id", "customer_id", "idempotency_key", "amount",
                                                            "currency",   "client_ip",   "input",           "metadata"};
  CreateOrder order;
  order.product_id = fields.text("product_id", product_id_bytes_max);
  order.customer_id = fields.text("customer_id", customer_id_bytes_max);
  order.idempotency_key = fields.text("idempotency_key", idempotency_key_bytes_max);
  order.amount = fields.amount("amount");
  order.currency = fields.text("currency", 3);
  if (!fields.refusal() && !parse_currency(order.currency))
    fields.refuse(ErrorCode::invalid_field, "currency", "must be an ISO 4217 code in capitals, such as USD");
  const std::string_view ip = fields.optional_text("client_ip", 45);
  if (!ip.empty()) {
    order.client_ip = canonical_ip(ip);
    if (!order.client_ip) fields.refuse(ErrorCode::invalid_field, "client_ip", "must be an IPv4 or IPv6 address");
  }
  order.input = fields.optional_map("input");
  if (order.input && order.input.size() > input_fields_max)
    fields.refuse(ErrorCode::invalid_field, "input", "has too many fields");
  order.metadata = fields.optional_map("metadata");
  if (order.metadata && !fields.refusal()) {
    if (packed_size(order.metadata) > metadata_bytes_max)
      fields.refuse(ErrorCode::invalid_field, "metadata", "must have at most 4096 bytes");
    else if (!is_clean(order.metadata))
      fields.refuse(ErrorCode::invalid_field, "metadata", "must hold UTF-8 and finite numbers only");
  }
  fields.only(known);
  return order;
}

constexpr std::array<std::string_view, 1> order_id_only = {"order_id"};

template <class OrderRequest>
Request of_order(Fields& fields) {
  OrderRequest request{fields.order_id()};
  fields.only(order_id_only);
  return request;
}

template <class OrderRequest>
Request change_of_order(Fields& fields) {
  static constexpr std::array<std::string_view, 2> known = {"order_id", "operator"};
  OrderRequest request{fields.order_id(), fields.optional_text("operator", operator_name_bytes_max)};
  fields.only(known);
  return request;
}

template <class Empty>
Request without_fields(Fields& fields) {
  fields.only({});
  return Empty{};
}

Request request_refund(Fields& fields) {
  static constexpr std::array<std::string_view, 3> known = {"order_id", "reason", "operator"};
  RequestRefund request{fields.order_id(), fields.optional_text("reason", refund_reason_bytes_max),
                        fields.optional_text("operator", operator_name_bytes_max)};
  fields.only(known);
  return request;
}

Request list_orders(Fields& fields) {
  static constexpr std::array<std::string_view, 3> known = {"status", "after", "max"};
  ListOrders request;
  const std::string_view status = fields.optional_text("status", 32);
  if (!status.empty()) {
    request.status = status_from_name(status);
    if (!request.status) fields.refuse(ErrorCode::invalid_field, "status", "is no status of an order");
  }
  request.after = fields.optional_order_id("after");
  request.max = fields.optional_natural("max", request.max, 1000);
  fields.only(known);
  return request;
}

Request get_attention(Fields& fields) {
  static constexpr std::array<std::string_view, 2> known = {"after", "max"};
  GetAttention request;
  request.after = fields.optional_order_id("after");
  request.max = fields.optional_natural("max", request.max, 10'000);
  fields.only(known);
  return request;
}

Request redeem_token(Fields& fields) {
  static constexpr std::array<std::string_view, 1> known = {"token"};
  RedeemToken request{fields.text("token", delivery_token_bytes_max)};
  fields.only(known);
  return request;
}

Request backup(Fields& fields) {
  static constexpr std::array<std::string_view, 1> known = {"directory"};
  Backup request{fields.text("directory", path_bytes_max)};
  if (!fields.refusal() && !request.directory.starts_with('/'))
    fields.refuse(ErrorCode::invalid_field, "directory", "must be an absolute path");
  fields.only(known);
  return request;
}

struct RequestType {
  std::string_view name;
  Request (*read)(Fields&);
};
constexpr std::array request_types = {
    RequestType{"create_order", create_order},
    RequestType{"confirm_payment", change_of_order<ConfirmPayment>},
    RequestType{"cancel_order", change_of_order<CancelOrder>},
    RequestType{"request_refund", request_refund},
    RequestType{"get_order", of_order<GetOrder>},
    RequestType{"get_receipt", of_order<GetReceipt>},
    RequestType{"get_stats", without_fields<GetStats>},
    RequestType{"ping", without_fields<Ping>},
    RequestType{"list_orders", list_orders},
    RequestType{"get_attention", get_attention},
    RequestType{"retry_order", change_of_order<RetryOrder>},
    RequestType{"redeem_token", redeem_token},
    RequestType{"recount", without_fields<Recount>},
    RequestType{"backup", backup},
    RequestType{"status", without_fields<GetStatus>},
};

// In the order of the variant's alternatives, so that an alternative has a name too.
static_assert(request_types.size() == std::variant_size_v<Request>);

Result<Request> read_request(const Value& root) {
  Fields fields(root);
  const std::string_view name = fields.text("type", 32);
  if (fields.refusal()) return *fields.refusal();
  for (const RequestType& type : request_types) {
    if (type.name != name) continue;
    Request request = type.read(fields);
    if (fields.refusal()) return *fields.refusal();
    return request;
  }
  return Refusal{ErrorCode::unknown_type, "there is no request of type \"" + std::string(name) + "\"", "type", 0};
}

}  // namespace

DecodedRequest decode_request(Document& document, std::string_view bytes) {
  if (const auto fault = document.parse(bytes))
    return {{}, Refusal{ErrorCode::malformed_message, std::string(*fault), {}, 0}};
  const Value root = document.root();
  if (!root.is_map()) return {{}, Refusal{ErrorCode::malformed_message, "the message is no map", {}, 0}};
  const Value request_id = root.find("request_id");
  if (request_id && (packed_size(request_id) > request_id_bytes_max || !is_clean(request_id)))
    return {{},
            Refusal{ErrorCode::invalid_field, "request_id must be clean and have at most 1024 bytes", "request_id", 0}};
  return {request_id, read_request(root)};
}

std::string_view name_of(const Request& request) { return request_types[request.index()].name; }

bool is_operator_request(const Request& request) {
  return std::holds_alternative<ListOrders>(request) || std::holds_alternative<GetAttention>(request) ||
         std::holds_alternative<RetryOrder>(request) || std::holds_alternative<RedeemToken>(request) ||
         std::holds_alternative<Recount>(request) || std::holds_alternative<Backup>(request) ||
         std::holds_alternative<GetStatus>(request);
}

std::optional<std::string> canonical_ip(std::string_view text) {
  const std::string terminated(text);
  std::array<char, INET6_ADDRSTRLEN> out;
  in_addr v4;
  if (inet_pton(AF_INET, terminated.c_str(), &v4) == 1)
    return std::string(inet_ntop(AF_INET, &v4, out.data(), out.size()));
  in6_addr v6;
  if (inet_pton(AF_INET6, terminated.c_str(), &v6) != 1) return std::nullopt;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    std::memcpy(&v4, v6.s6_addr + 12, sizeof v4);
    return std::string(inet_ntop(AF_INET, &v4, out.data(), out.size()));
  }
  return std::string(inet_ntop(AF_INET6, &v6, out.data(), out.size()));
}

std::optional<std::string> ipv6_network_64(std::string_view text) {
  in6_addr address;
  if (inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1) return std::nullopt;
  std::memset(address.s6_addr + 8, 0, 8);
  std::array<char, INET6_ADDRSTRLEN> out;
  return std::string(inet_ntop(AF_INET6, &address, out.data(), out.size())) + "/64";
}

}  // namespace circuit::schema
