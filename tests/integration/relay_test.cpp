// The network edge: who gets in, what he may do there, and what he cannot break.
#include <catch2/catch.hpp>

#include "tests/integration/network.hpp"

using namespace circuit::integration;

namespace {

Json of_order(const std::string& type, const std::string& order_id) { return {{"type", type}, {"order_id", order_id}}; }

std::string create(Client& client, const std::string& key) {
  const Json reply = client.ask(license_order(key));
  REQUIRE(error_of(reply).empty());
  return reply.at("order_id");
}

Json wait_until_fulfilled(Client& client, const std::string& order_id) {
  Json order;
  eventually("the order is fulfilled", [&] {
    const Json reply = client.ask(of_order("get_order", order_id));
    REQUIRE(error_of(reply).empty());
    order = reply.at("order");
    return order.at("status") == "fulfilled";
  });
  return order;
}

}  // namespace

TEST_CASE("an upstream on the network orders, reads its receipt, and a subscriber there gets every event") {
  Network network;
  network.start();
  Stream stream = network.stream("books");
  Client shop = network.client("shop");
  const std::string id = create(shop, "a");
  const Json order = wait_until_fulfilled(shop, id);
  CHECK(order.at("delivery_token").get<std::string>().starts_with("tok_"));
  CHECK(types(order) == happy_path);
  CHECK(shop.ask(of_order("get_receipt", id)).at("receipt").at("order_id") == id);
  CHECK(shop.ask(license_order("a")).at("replayed") == true);
  const auto three = [](const std::vector<Json>& events) { return events.size() == 3; };
  CHECK(stream.until("the order's events", three).front().at("order_id") == id);
  // By replay alone, and by publication alone.
  CHECK(network.stream("books").replay_all(2).size() == 3);
  create(shop, "b");
  const auto published = stream.publication(patience);
  REQUIRE(published);
  CHECK(published->front().at("seq") == 4);
}
