// What requests are answered with, and in which order their faults are told.
#include <catch2/catch.hpp>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;

namespace {

const std::string unknown_id = "ord_01h455vb4pex5vsknk084sn02q";

Json with(Json request, const std::string& field, const Json& value) {
  request[field] = value;
  return request;
}

Json of_order(const std::string& type, const std::string& id) { return {{"type", type}, {"order_id", id}}; }

}  // namespace

TEST_CASE("an order must have the product's own price") {
  Circuit circuit;
  circuit.start({"broker"});
  const auto error_with = [&](const std::string& field, const Json& value) {
    const Json reply = circuit.orders(with(license_order("a"), field, value));
    if (error_of(reply).empty()) return std::string("accepted");
    CHECK(reply.at("error").value("field", "") == field);
    CHECK_FALSE(reply.at("error").at("message").get<std::string>().empty());
    return error_of(reply);
  };
  CHECK(error_with("amount", 1999) == "amount_mismatch");
  CHECK(error_with("amount", 2000.0) == "invalid_field");
  CHECK(error_with("amount", "2000") == "invalid_field");
  CHECK(error_with("amount", 0) == "invalid_field");
  CHECK(error_with("amount", -2000) == "invalid_field");
  CHECK(error_with("amount", nullptr) == "missing_field");
  CHECK(error_with("currency", "EUR") == "currency_mismatch");
  CHECK(error_with("currency", "usd") == "invalid_field");
  CHECK(error_with("product_id", "NOTHING") == "unknown_product");
  CHECK(error_with("customer_id", "") == "invalid_field");
  CHECK(error_with("customer_id", std::string(129, 'c')) == "invalid_field");
  CHECK(error_with("customer_id", "a\nb") == "invalid_field");
  CHECK(error_with("idempotency_key", std::string(256, 'k')) == "invalid_field");
  CHECK(error_with("client_ip", "somewhere") == "invalid_field");
  CHECK(error_with("surprise", 1) == "invalid_field");
  CHECK(error_with("type", "sell_order") == "unknown_type");
  CHECK(error_of(circuit.orders(with(analysis_order("a", "x"), "input", nullptr))) == "missing_field");
  CHECK(circuit.stats().at("orders_created") == 0);
}

TEST_CASE("faults are told in their order: decode, authorise, idempotency, catalogue, rate, admission") {
  Circuit circuit("[rate_limit]\ncreates_per_minute_per_ip = 1\n[limits]\nrunnable_orders_max = 1\n");
  circuit.start({"broker"});
  const Json first = with(license_order("a"), "client_ip", "203.0.113.1");
  const std::string id = circuit.create(first);
  // The address has spent its rate and the broker is busy, but what comes before is told first.
  CHECK(error_of(circuit.orders(with(first, "amount", 2000.5))) == "invalid_field");
  CHECK(circuit.orders(first).value("replayed", false));
  CHECK(error_of(circuit.orders(with(first, "product_id", "NOTHING"))) == "idempotency_conflict");
  const Json second = with(first, "idempotency_key", "b");
  CHECK(error_of(circuit.orders(with(second, "product_id", "NOTHING"))) == "unknown_product");
  CHECK(error_of(circuit.orders(with(second, "amount", 1))) == "amount_mismatch");
  CHECK(error_of(circuit.orders(second)) == "rate_limited");
  const Json busy = circuit.orders(with(second, "client_ip", "203.0.113.2"));
  CHECK(error_of(busy) == "busy");
  CHECK(busy.at("error").at("retry_after_ms") > 0);
  // Authorisation comes before anything about the order.
  CHECK(error_of(circuit.orders(of_order("retry_order", unknown_id))) == "unauthorized");
}

TEST_CASE("an order that is not there is not found, whatever is asked of it") {
  Circuit circuit;
  circuit.start({"broker"});
  for (const std::string type : {"get_order", "get_receipt", "confirm_payment", "cancel_order", "request_refund"}) {
    CAPTURE(type);
    CHECK(error_of(circuit.orders(of_order(type, unknown_id))) == "order_not_found");
    CHECK(error_of(circuit.orders(of_order(type, "ord_nonsense"))) == "invalid_field");
    CHECK(error_of(circuit.orders({{"type", type}})) == "missing_field");
  }
  CHECK(error_of(circuit.control(of_order("retry_order", unknown_id))) == "order_not_found");
}

TEST_CASE("operators' requests are refused on the orders socket and answered on the control socket") {
  Circuit circuit;
  circuit.start();
  const std::string id = circuit.create(license_order("a"));
  const std::string token = circuit.wait_for(id, "fulfilled").at("delivery_token");
  const std::vector<Json> requests = {{{"type", "list_orders"}},
                                      {{"type", "get_attention"}},
                                      {{"type", "recount"}},
                                      {{"type", "status"}},
                                      {{"type", "redeem_token"}, {"token", token}}};
  for (const Json& request : requests) {
    CAPTURE(request);
    CHECK(error_of(circuit.orders(request)) == "unauthorized");
    CHECK(error_of(circuit.control(request)).empty());
  }
  CHECK(circuit.control({{"type", "list_orders"}, {"status", "fulfilled"}}).at("orders").size() == 1);
  std::string forged = token;
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  CHECK(error_of(circuit.control({{"type", "redeem_token"}, {"token", forged}})) == "unauthorized");
  const Json pong = circuit.orders({{"type", "ping"}});
  CHECK(pong.contains("version"));
  CHECK(pong.at("protocol") == 1);
}

TEST_CASE("a REQ client and a DEALER client are both served") {
  Circuit circuit;
  circuit.start({"broker"});
  Client req(circuit.endpoint("orders.sock"), zmq::socket_type::req);
  for (int i = 0; i < 3; ++i) {
    const Json reply = req.ask(license_order("a"));
    CHECK(error_of(reply).empty());
    CHECK(reply.at("replayed") == (i > 0));
  }
  CHECK(error_of(circuit.orders(license_order("b"))).empty());
}

TEST_CASE("a thousand pipelined requests are answered in their order") {
  Circuit circuit;
  circuit.start({"broker"});
  Client client = circuit.client();
  constexpr int requests = 1'000;
  for (int i = 0; i < requests; ++i)
    client.send(i % 3 == 0 ? Json{{"type", "ping"}, {"request_id", i}}
                           : with(license_order(std::to_string(i % 3 == 1 ? i : 1)), "request_id", i));
  for (int i = 0; i < requests; ++i) {
    const Json reply = client.receive();
    REQUIRE(error_of(reply).empty());
    REQUIRE(reply.at("request_id") == i);
  }
}

TEST_CASE("the request_id comes back as it was sent") {
  Circuit circuit;
  circuit.start({"broker"});
  Client client = circuit.client();
  for (const Json& id :
       {Json("text"), Json(-7), Json(nullptr), Json({1, "two"}), Json({{"a", 1}}), binary("\x01\x02")}) {
    client.send({{"type", "ping"}, {"request_id", id}});
    CHECK(client.receive().at("request_id") == id);
    client.send({{"type", "nonsense"}, {"request_id", id}});
    CHECK(client.receive().at("request_id") == id);
  }
}
