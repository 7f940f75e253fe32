// Overload is answered, not absorbed.
#include <catch2/catch.hpp>

#include "tests/integration/load.hpp"

using namespace circuit::integration;

namespace {

const std::string twenty_at_a_time = quick_config + "[limits]\nrunnable_orders_max = 20\nbusy_retry_after_ms = 77\n";

}  // namespace

TEST_CASE("too many orders under way are answered with busy, and taken when there is room") {
  Circuit circuit(twenty_at_a_time);
  circuit.start({"broker", "sandbox", "fulfillment", "auditor"});
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(circuit.create(license_order(std::to_string(i))));
  for (int i = 20; i < 25; ++i) {
    const Json reply = circuit.orders(license_order(std::to_string(i)));
    REQUIRE(error_of(reply) == "busy");
    CHECK(reply.at("error").at("retry_after_ms") == 77);
  }
  // A replay is no new work, and neither is a question.
  CHECK(circuit.orders(license_order("0")).value("replayed", false));
  CHECK(circuit.control({{"type", "status"}}).at("status").at("accepting") == false);
  circuit.start({"payment"});
  for (const std::string& id : ids) circuit.wait_for(id, "fulfilled");
  for (int i = 20; i < 25; ++i) {
    ids.push_back(circuit.create(license_order(std::to_string(i))));
    circuit.wait_for(ids.back(), "fulfilled");
  }
  check_books(circuit, ids);
}

TEST_CASE("a burst can't get past the limit within one batch") {
  Circuit circuit(twenty_at_a_time);
  circuit.start({"broker"});
  Client client = circuit.client();
  constexpr int burst = 400;
  for (int i = 0; i < burst; ++i) client.send(license_order(std::to_string(i)));
  int taken = 0;
  for (int i = 0; i < burst; ++i) {
    const std::string error = error_of(client.receive());
    taken += error.empty();
    if (!error.empty()) CHECK(error == "busy");
  }
  CHECK(taken == 20);
}

TEST_CASE("pushed orders wait in their socket while the broker is full, and none is lost") {
  Circuit circuit(twenty_at_a_time);
  circuit.start({"broker", "sandbox", "fulfillment", "auditor"});
  constexpr int orders = 500;
  for (int i = 0; i < orders; ++i) circuit.push(license_order("order-" + std::to_string(i)));
  eventually("the broker is full", [&] { return circuit.stats().at("orders_created") >= 20; });
  for (int turn = 0; turn < 50; ++turn) CHECK(circuit.stats().at("orders_created") == 20);
  circuit.start({"payment"});
  eventually("all are fulfilled", [&] { return circuit.stats().at("orders_fulfilled") == orders; });
  CHECK(circuit.stats().at("push_refused").empty());
  std::vector<std::string> ids;
  for (int i = 0; i < orders; ++i) {
    const Json reply = circuit.orders(license_order("order-" + std::to_string(i)));
    REQUIRE(reply.at("replayed") == true);
    ids.push_back(reply.at("order_id"));
  }
  check_books(circuit, ids);
}

TEST_CASE("orders that wait for their customers do not count as work") {
  Circuit circuit(twenty_at_a_time + "[sandbox]\nconfirm = \"manual\"\n");
  circuit.start({"broker"});
  for (int i = 0; i < 60; ++i) circuit.create(license_order(std::to_string(i)));
  CHECK(circuit.stats().at("orders_created") == 60);
}
