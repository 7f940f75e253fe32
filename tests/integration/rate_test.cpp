// The rate limit of new orders.
#include <catch2/catch.hpp>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;

namespace {

Json order_from(const std::string& address, const std::string& key) {
  Json request = license_order(key);
  request["client_ip"] = address;
  return request;
}

}  // namespace

TEST_CASE("an address gets ten new orders a minute, and a replay spends none of them") {
  Circuit circuit("");
  circuit.start({"broker"});
  for (int i = 0; i < 10; ++i) {
    CHECK(error_of(circuit.orders(order_from("203.0.113.1", std::to_string(i)))).empty());
    CHECK(circuit.orders(order_from("203.0.113.1", "0")).value("replayed", false));
  }
  const Json refused = circuit.orders(order_from("203.0.113.1", "10"));
  REQUIRE(error_of(refused) == "rate_limited");
  const std::int64_t wait_ms = refused.at("error").at("retry_after_ms");
  CHECK(wait_ms > 0);
  CHECK(wait_ms <= 6'001);
  CHECK(circuit.orders(order_from("203.0.113.1", "9")).value("replayed", false));
  // The same address in another notation, and other addresses.
  CHECK(error_of(circuit.orders(order_from("::ffff:203.0.113.1", "10"))) == "rate_limited");
  CHECK(error_of(circuit.orders(order_from("203.0.113.2", "10"))).empty());
  CHECK(circuit.stats().at("orders_created") == 11);
}

TEST_CASE("a refused order spends no rate, and the addresses of one IPv6 customer count as one") {
  Circuit circuit("");
  circuit.start({"broker"});
  for (int i = 0; i < 30; ++i) {
    Json wrong = order_from("203.0.113.1", std::to_string(i));
    wrong["amount"] = 1;
    CHECK(error_of(circuit.orders(wrong)) == "amount_mismatch");
  }
  for (int i = 0; i < 10; ++i) CHECK(error_of(circuit.orders(order_from("203.0.113.1", std::to_string(i)))).empty());
  for (int i = 0; i < 10; ++i)
    CHECK(
        error_of(circuit.orders(order_from("2001:db8::" + std::to_string(i + 1), "v6-" + std::to_string(i)))).empty());
  CHECK(error_of(circuit.orders(order_from("2001:db8::ffff", "v6-10"))) == "rate_limited");
  CHECK(error_of(circuit.orders(order_from("2001:db8:0:1::1", "v6-11"))).empty());
}

TEST_CASE("a local upstream that names no address is not limited, and other requests never are") {
  Circuit circuit("");
  circuit.start({"broker"});
  for (int i = 0; i < 50; ++i) CHECK(error_of(circuit.orders(license_order(std::to_string(i)))).empty());
  for (int i = 0; i < 50; ++i) CHECK(error_of(circuit.orders({{"type", "get_stats"}})).empty());
}

TEST_CASE("an upstream on tcp is limited by its own address when it names no other") {
  const std::string endpoint = free_endpoint();
  Circuit circuit("[endpoints]\norders = [\"" + endpoint + "\"]\nplain_loopback = \"allowed\"\n");
  circuit.start({"broker"});
  Client remote(endpoint);
  std::string id;
  for (int i = 0; i < 10; ++i) {
    const Json reply = remote.ask(license_order(std::to_string(i)));
    CHECK(error_of(reply).empty());
    id = reply.value("order_id", "");
  }
  Client other_connection(endpoint);
  CHECK(error_of(other_connection.ask(license_order("10"))) == "rate_limited");
  CHECK(error_of(remote.ask(order_from("203.0.113.1", "10"))).empty());
  // The order belongs to whoever made it.
  CHECK(error_of(circuit.orders({{"type", "cancel_order"}, {"order_id", id}})) == "unauthorized");
  CHECK(error_of(remote.ask({{"type", "list_orders"}})) == "unauthorized");
  // The daemons' own user reads every order; anybody else reads his own.
  const std::string local = circuit.create(license_order("local"));
  CHECK(error_of(circuit.orders({{"type", "get_order"}, {"order_id", id}})).empty());
  CHECK(error_of(remote.ask({{"type", "get_order"}, {"order_id", id}})).empty());
  CHECK(error_of(remote.ask({{"type", "get_order"}, {"order_id", local}})) == "unauthorized");
  CHECK(error_of(remote.ask({{"type", "get_receipt"}, {"order_id", local}})) == "unauthorized");
}
