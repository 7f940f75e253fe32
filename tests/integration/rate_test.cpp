// The rate limit of new orders.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;

namespace {

Json order_from(const std::string& address, const std::string& key) {
  Json request = license_order(key);
  request["client_ip"] = address;
  return request;
}

// A port that was free a moment ago.
int free_port() {
  const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  ::close(listening);
  return ntohs(address.sin_port);
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
  const std::string endpoint = "tcp://127.0.0.1:" + std::to_string(free_port());
  Circuit circuit("[endpoints]\norders = [\"" + endpoint + "\"]\n");
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
}
