// Any bytes as a request. A refusal names what is wrong, in a text that is safe to show; what is accepted is within its
// limits, and says the same when it is written again.
#include <set>
#include <string>
#include <variant>

#include "schema/money.hpp"
#include "schema/packer.hpp"
#include "schema/reply.hpp"
#include "schema/request.hpp"
#include "tests/fuzz/require.hpp"

using namespace circuit;
using fuzz::require;
using schema::ErrorCode;

namespace {

void check_refusal(const schema::Refusal& refusal) {
  const bool known = refusal.code == ErrorCode::malformed_message || refusal.code == ErrorCode::unknown_type ||
                     refusal.code == ErrorCode::missing_field || refusal.code == ErrorCode::invalid_field ||
                     refusal.code == ErrorCode::message_too_large;
  require(known, "a request is refused with one of the codes for mistakes in it");
  require(!refusal.message.empty() && refusal.message.size() <= 1024, "a refusal has a short message");
  require(schema::is_printable_utf8(refusal.message) && schema::is_printable_utf8(refusal.field),
          "a refusal repeats nothing that drives a terminal");
  if (refusal.code == ErrorCode::missing_field || refusal.code == ErrorCode::invalid_field)
    require(!refusal.field.empty(), "a refusal of a field names it");
  require(refusal.field.size() <= 256, "a field's name is short");
}

std::string packed(const schema::CreateOrder& order) {
  std::string bytes;
  schema::Packer packer(bytes);
  packer.map(6u + (order.client_ip ? 1 : 0) + (order.input ? 1 : 0) + (order.metadata ? 1 : 0));
  packer.text("type").text("create_order").text("product_id").text(order.product_id);
  packer.text("customer_id").text(order.customer_id).text("idempotency_key").text(order.idempotency_key);
  packer.text("amount").integer(order.amount).text("currency").text(order.currency);
  if (order.client_ip) packer.text("client_ip").text(*order.client_ip);
  if (order.input) packer.text("input").value(order.input);
  if (order.metadata) packer.text("metadata").value(order.metadata);
  return bytes;
}

std::string packed_value(const schema::Document::Value& value) {
  std::string bytes;
  if (value) schema::Packer(bytes).value(value);
  return bytes;
}

void check_order(const schema::CreateOrder& order) {
  require(!order.customer_id.empty() && order.customer_id.size() <= 128, "a customer id has 1 to 128 bytes");
  require(schema::is_printable_utf8(order.customer_id), "a customer id is printable");
  require(!order.idempotency_key.empty() && order.idempotency_key.size() <= 255, "a key has 1 to 255 bytes");
  require(schema::is_order_amount(order.amount), "an amount is one of an order");
  require(schema::parse_currency(order.currency).has_value(), "a currency is one");
  if (order.client_ip) {
    require(schema::canonical_ip(*order.client_ip) == order.client_ip, "an address is canonical");
    require(!order.client_ip->starts_with("::ffff:") || order.client_ip->find('.') == std::string::npos,
            "an IPv4 address has one text");
  }
  require(!order.input || order.input.is_map(), "an input is a map");
  require(!order.metadata || order.metadata.is_map(), "metadata are a map");

  schema::Document document;
  const std::string bytes = packed(order);
  const schema::DecodedRequest again = schema::decode_request(document, bytes);
  require(static_cast<bool>(again.request), "an accepted order is accepted again");
  const auto& same = std::get<schema::CreateOrder>(*again.request);
  require(same.product_id == order.product_id && same.customer_id == order.customer_id &&
              same.idempotency_key == order.idempotency_key && same.amount == order.amount &&
              same.currency == order.currency && same.client_ip == order.client_ip &&
              packed_value(same.input) == packed_value(order.input) &&
              packed_value(same.metadata) == packed_value(order.metadata),
          "an accepted order says the same again");
}

void check(const schema::Request& request) {
  if (const auto* order = std::get_if<schema::CreateOrder>(&request)) check_order(*order);
  if (const auto* list = std::get_if<schema::ListOrders>(&request))
    require(list->max > 0 && list->max <= 1'000, "a list is bounded");
  if (const auto* attention = std::get_if<schema::GetAttention>(&request))
    require(attention->max > 0 && attention->max <= 10'000, "a list of what stands still is bounded");
  if (const auto* refund = std::get_if<schema::RequestRefund>(&request))
    require(schema::is_printable_utf8(refund->reason), "a reason is printable");
}

// What every accepted message is, whatever its type.
void check_form(const schema::Document& document, std::string_view bytes) {
  std::set<std::string_view> keys;
  schema::Document::Value at = document.root().first_child();
  for (std::uint32_t i = 0; i < document.root().size(); ++i, at = at.next().next())
    require(keys.insert(at.string().value_or("")).second, "no key stands there twice");
  schema::Document longer;
  require(!schema::decode_request(longer, std::string(bytes) + '\xc0').request, "nothing stands behind a message");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::view_of(data, size);
  schema::Document document;
  const schema::DecodedRequest decoded = schema::decode_request(document, bytes);
  const std::string id = schema::packed_request_id(decoded.request_id);
  require(!id.empty() && id.size() <= size + 16, "an echoed id is no longer than the request");
  if (!decoded.request) {
    check_refusal(decoded.request.refusal());
    return 0;
  }
  check(*decoded.request);
  check_form(document, bytes);
  return 0;
}
