#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <map>

#include "schema/packer.hpp"
#include "schema/request.hpp"

using namespace circuit::schema;

namespace {

using Field = std::function<void(Packer&)>;
using Fields = std::map<std::string, Field>;

Field text(std::string value) {
  return [value](Packer& p) { p.text(value); };
}
Field integer(std::int64_t value) {
  return [value](Packer& p) { p.integer(value); };
}

Fields good_order() {
  return {{"type", text("create_order")},    {"product_id", text("P")}, {"customer_id", text("c")},
          {"idempotency_key", text("k")},    {"amount", integer(5000)}, {"currency", text("USD")},
          {"client_ip", text("203.0.113.7")}};
}

struct Answer {
  std::string code;
  std::string field;
};
Answer refusal_of(const Fields& fields) {
  std::string bytes;
  Packer packer(bytes);
  packer.map(static_cast<std::uint32_t>(fields.size()));
  for (const auto& [name, pack] : fields) pack(packer.text(name));
  Document document;
  const DecodedRequest decoded = decode_request(document, bytes);
  if (decoded.request) return {"", ""};
  return {std::string(name_of(decoded.request.refusal().code)), decoded.request.refusal().field};
}
Answer with(const std::string& name, Field field) {
  Fields fields = good_order();
  fields[name] = std::move(field);
  return refusal_of(fields);
}
Answer without(const std::string& name) {
  Fields fields = good_order();
  fields.erase(name);
  return refusal_of(fields);
}
#define CHECK_REFUSED(answer, code_, field_) \
  do {                                       \
    const Answer a = (answer);               \
    CHECK(a.code == (code_));                \
    CHECK(a.field == (field_));              \
  } while (false)

}  // namespace

TEST_CASE("a whole order is read") { REQUIRE(refusal_of(good_order()).code.empty()); }

TEST_CASE("each required field is missed by name") {
  for (const char* name : {"type", "product_id", "customer_id", "idempotency_key", "amount", "currency"})
    CHECK_REFUSED(without(name), "missing_field", name);
  CHECK(without("client_ip").code.empty());
}
TEST_CASE("a nil is as good as a missing field") {
  CHECK_REFUSED(with("amount", [](Packer& p) { p.nil(); }), "missing_field", "amount");
  CHECK(with("client_ip", [](Packer& p) { p.nil(); }).code.empty());
}
TEST_CASE("an amount is a whole number of minor units within its limits") {
  CHECK_REFUSED(with("amount", [](Packer& p) { p.real(50.5); }), "invalid_field", "amount");
  CHECK_REFUSED(with("amount", [](Packer& p) { p.real(std::nan("")); }), "invalid_field", "amount");
  CHECK_REFUSED(with("amount", text("5000")), "invalid_field", "amount");
  CHECK_REFUSED(with("amount", integer(0)), "invalid_field", "amount");
  CHECK_REFUSED(with("amount", integer(-5000)), "invalid_field", "amount");
  CHECK_REFUSED(with("amount", integer(1'000'000'000'001)), "invalid_field", "amount");
  CHECK_REFUSED(with("amount", [](Packer& p) { p.natural(~0ull); }), "invalid_field", "amount");
}
TEST_CASE("texts are printable UTF-8 within their lengths") {
  CHECK(with("customer_id", text(std::string(128, 'x'))).code.empty());
  CHECK_REFUSED(with("customer_id", text(std::string(129, 'x'))), "invalid_field", "customer_id");
  CHECK_REFUSED(with("customer_id", text("")), "invalid_field", "customer_id");
  CHECK_REFUSED(with("customer_id", text("a\nb")), "invalid_field", "customer_id");
  CHECK_REFUSED(with("customer_id", text("\xff\xfe")), "invalid_field", "customer_id");
  CHECK_REFUSED(with("customer_id", integer(7)), "invalid_field", "customer_id");
  CHECK(with("idempotency_key", text(std::string(255, 'k'))).code.empty());
  CHECK_REFUSED(with("idempotency_key", text(std::string(256, 'k'))), "invalid_field", "idempotency_key");
}
TEST_CASE("a currency is a code of ISO 4217") {
  CHECK_REFUSED(with("currency", text("usd")), "invalid_field", "currency");
  CHECK_REFUSED(with("currency", text("ABC")), "invalid_field", "currency");
}
TEST_CASE("a client's address is one") {
  CHECK_REFUSED(with("client_ip", text("203.0.113.300")), "invalid_field", "client_ip");
  CHECK_REFUSED(with("client_ip", text("localhost")), "invalid_field", "client_ip");
  CHECK(with("client_ip", text("2001:db8::1")).code.empty());
}
TEST_CASE("an IPv4 address has one canonical text") {
  CHECK(canonical_ip("::ffff:203.0.113.7") == "203.0.113.7");
  CHECK(canonical_ip("2001:DB8:0::1") == "2001:db8::1");
  CHECK(ipv6_network_64("2001:db8::1:2:3:4") == ipv6_network_64("2001:db8::9"));
  CHECK(ipv6_network_64("2001:db8:0:1::1") != ipv6_network_64("2001:db8::1"));
}
TEST_CASE("metadata are small, clean and a map") {
  CHECK_REFUSED(with("metadata", text("x")), "invalid_field", "metadata");
  CHECK_REFUSED(with("metadata", [](Packer& p) { p.map(1).text("x").text(std::string(5000, 'x')); }), "invalid_field",
                "metadata");
  CHECK_REFUSED(with("metadata", [](Packer& p) { p.map(1).text("x").real(std::nan("")); }), "invalid_field",
                "metadata");
  CHECK_REFUSED(with("metadata", [](Packer& p) { p.map(1).text("x").array(1).text("\xff"); }), "invalid_field",
                "metadata");
}
TEST_CASE("a field that is misspelt is named") { CHECK_REFUSED(with("amout", integer(1)), "invalid_field", "amout"); }
TEST_CASE("a request of no known type is refused") {
  CHECK_REFUSED(with("type", text("make_coffee")), "unknown_type", "type");
}
TEST_CASE("an order id is a TypeID with the prefix ord") {
  const auto get = [](const char* id) { return refusal_of({{"type", text("get_order")}, {"order_id", text(id)}}); };
  CHECK(get("ord_01h455vb4pex5vsknk084sn02q").code.empty());
  CHECK_REFUSED(get("usr_01h455vb4pex5vsknk084sn02q"), "invalid_field", "order_id");
  CHECK_REFUSED(get("ord_81h455vb4pex5vsknk084sn02q"), "invalid_field", "order_id");
  CHECK_REFUSED(get("x"), "invalid_field", "order_id");
}
TEST_CASE("the request's id is kept even when the request is refused") {
  std::string bytes;
  Packer(bytes).map(2).text("request_id").array(2).natural(1).text("x").text("type").text("nonsense");
  Document document;
  const DecodedRequest decoded = decode_request(document, bytes);
  REQUIRE_FALSE(decoded.request);
  REQUIRE(decoded.request_id);
  CHECK(decoded.request_id.size() == 2);
}
TEST_CASE("a request's id that is large or unclean is refused and not echoed") {
  Fields fields = good_order();
  fields["request_id"] = text(std::string(2000, 'x'));
  CHECK_REFUSED(refusal_of(fields), "invalid_field", "request_id");
}
TEST_CASE("a request is called by the type that it was read from") {
  const auto check = [](const char* type, auto pack_fields, std::uint32_t fields) {
    CAPTURE(type);
    std::string bytes;
    circuit::schema::Packer packer(bytes);
    packer.map(1 + fields).text("type").text(type);
    pack_fields(packer);
    Document document;
    const auto decoded = circuit::schema::decode_request(document, bytes);
    REQUIRE(decoded.request);
    CHECK(circuit::schema::name_of(*decoded.request) == type);
  };
  const auto nothing = [](auto&) {};
  const auto order = [](auto& packer) { packer.text("order_id").text("ord_01h455vb4pex5vsknk084sn02q"); };
  for (const char* type : {"get_stats", "ping", "list_orders", "get_attention", "recount", "status"})
    check(type, nothing, 0);
  for (const char* type :
       {"confirm_payment", "cancel_order", "request_refund", "get_order", "get_receipt", "retry_order"})
    check(type, order, 1);
  check(
      "redeem_token", [](auto& packer) { packer.text("token").text("tok_x"); }, 1);
}

TEST_CASE("only operators may ask what is theirs") {
  CHECK(is_operator_request(Request(RetryOrder{})));
  CHECK(is_operator_request(Request(RedeemToken{})));
  CHECK_FALSE(is_operator_request(Request(GetOrder{})));
}
