// Orders that leave before or after they are paid: confirmation, cancelling, expiry, refunds. Money in is money out.
#include <catch2/catch.hpp>
#include <map>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;

namespace {

const std::string manual = quick_config + "[sandbox]\nconfirm = \"manual\"\n";

Json of_order(const std::string& type, const std::string& id) { return {{"type", type}, {"order_id", id}}; }

std::string one_product(const std::string& more) {
  return "[[product]]\nid = \"LICENSE_KEY_V1\"\namount = 2000\ncurrency = \"USD\"\nhandler = \"license_key\"\n" + more;
}

// What holds for an order that was cancelled or expired while it was being charged.
void check_left(Circuit& circuit, const std::string& id, const std::string& unpaid_status) {
  std::string status;
  eventually("the order has left", [&] {
    status = circuit.status(id);
    return status == unpaid_status || status == "refunded";
  });
  CAPTURE(id, status);
  const Money money = circuit.money(id);
  CHECK(money.captured == money.refunded);
  CHECK(money.captures == (status == "refunded" ? 1 : 0));
  CHECK(money.refunds == money.captures);
}

}  // namespace

TEST_CASE("a payment is confirmed once, and a second confirmation is refused and charges nothing") {
  Circuit circuit(manual);
  circuit.start();
  const std::string id = circuit.create(license_order("a"));
  CHECK(circuit.ledger().empty());
  const Json confirmed = circuit.orders(of_order("confirm_payment", id));
  CHECK(error_of(confirmed).empty());
  CHECK(confirmed.at("status") == "pending_payment");
  CHECK(error_of(circuit.orders(of_order("confirm_payment", id))) == "invalid_transition");
  const Json order = circuit.wait_for(id, "fulfilled");
  CHECK(types(order) ==
        std::vector<std::string>{"order_created", "payment_requested", "payment_confirmed", "order_fulfilled"});
  CHECK(error_of(circuit.orders(of_order("confirm_payment", id))) == "invalid_transition");
  CHECK(circuit.money(id).captures == 1);
  CHECK(circuit.status(id) == "fulfilled");
}

TEST_CASE("two confirmations in one burst are one payment") {
  Circuit circuit(manual);
  circuit.start();
  Client client = circuit.client();
  for (int i = 0; i < 20; ++i) {
    const std::string id = circuit.create(license_order(std::to_string(i)));
    for (int copies = 0; copies < 3; ++copies) client.send(of_order("confirm_payment", id));
    std::map<std::string, int> answers;
    for (int copies = 0; copies < 3; ++copies) ++answers[error_of(client.receive())];
    CHECK(answers == std::map<std::string, int>{{"", 1}, {"invalid_transition", 2}});
    circuit.wait_for(id, "fulfilled");
    CHECK(circuit.money(id).captures == 1);
  }
}

TEST_CASE("in auto mode there is nothing to confirm") {
  Circuit circuit;
  circuit.start({"broker"});
  const std::string id = circuit.create(license_order("a"));
  CHECK(error_of(circuit.orders(of_order("confirm_payment", id))) == "invalid_transition");
  CHECK(types(circuit.order(id)) == std::vector<std::string>{"order_created"});
}

TEST_CASE("an order that is cancelled before its payment leaves with a void, for good") {
  Circuit circuit(manual);
  circuit.start();
  const std::string id = circuit.create(license_order("a"));
  CHECK(circuit.orders(of_order("cancel_order", id)).at("status") == "pending_payment");
  const Json order = circuit.wait_for(id, "cancelled");
  CHECK(types(order) == std::vector<std::string>{"order_created", "cancel_requested", "order_cancelled"});
  const Money money = circuit.money(id);
  CHECK(money.captures == 0);
  CHECK(money.voids == 1);
  for (const std::string type : {"confirm_payment", "cancel_order", "request_refund"})
    CHECK(error_of(circuit.orders(of_order(type, id))) == "invalid_transition");
  CHECK(circuit.orders(license_order("a")).at("status") == "cancelled");
}

TEST_CASE("an order that is cancelled while it waits for a void can't be confirmed") {
  Circuit circuit(manual);
  circuit.start({"broker"});
  const std::string id = circuit.create(license_order("a"));
  CHECK(error_of(circuit.orders(of_order("cancel_order", id))).empty());
  CHECK(error_of(circuit.orders(of_order("cancel_order", id))) == "invalid_transition");
  CHECK(error_of(circuit.orders(of_order("confirm_payment", id))) == "invalid_transition");
  circuit.start({"sandbox", "payment", "fulfillment"});
  circuit.wait_for(id, "cancelled");
  CHECK(circuit.money(id).captures == 0);
}

TEST_CASE("a cancel that races the capture takes nothing, or gives everything back") {
  Circuit circuit;
  circuit.start();
  std::vector<std::string> ids;
  for (int i = 0; i < 40; ++i) {
    ids.push_back(circuit.create(sandbox_order(std::to_string(i), "slow:" + std::to_string(i * 8))));
    if (i % 2 == 0) continue;
    // Half of them some turns of the broker later.
    for (int turns = 0; turns < i; ++turns) circuit.orders({{"type", "ping"}});
  }
  for (const std::string& id : ids) {
    const std::string error = error_of(circuit.orders(of_order("cancel_order", id)));
    if (error.empty()) continue;
    CHECK(error == "invalid_transition");  // it was paid before
    eventually("the refund is taken", [&] { return error_of(circuit.orders(of_order("request_refund", id))).empty(); });
  }
  for (const std::string& id : ids) check_left(circuit, id, "cancelled");
}

TEST_CASE("a cancel after a capture that nobody heard of gives the money back, once") {
  Circuit circuit;
  circuit.start();
  const std::string id = circuit.create(sandbox_order("a", "timeout_after,forgetful"));
  eventually("the money is taken", [&] { return circuit.money(id).captures == 1; });
  REQUIRE(circuit.orders(of_order("cancel_order", id)).at("status") == "pending_payment");
  const Json order = circuit.wait_for(id, "refunded");
  CHECK(types(order) == std::vector<std::string>{"order_created", "cancel_requested", "payment_confirmed",
                                                 "refund_requested", "order_refunded"});
  const Money money = circuit.money(id);
  CHECK(money.captures == 1);
  CHECK(money.refunds == 1);
  CHECK(money.voids == 0);
  CHECK(money.captured == money.refunded);
}

TEST_CASE("an order whose time to pay ran out leaves with a void, and the time is kept over a restart") {
  Circuit circuit;
  circuit.set_config("[payment]\nexpire_after_s = 1\n[sandbox]\nconfirm = \"manual\"\n");
  circuit.start();
  const std::string first = circuit.create(license_order("a"));
  const Json order = circuit.wait_for(first, "expired");
  CHECK(types(order) == std::vector<std::string>{"order_created", "order_expired"});
  CHECK(order.at("history")[1].at("ts").get<std::int64_t>() - order.at("created_at").get<std::int64_t>() >= 1'000'000);
  CHECK(circuit.money(first).voids == 1);
  CHECK(circuit.money(first).captures == 0);
  CHECK(error_of(circuit.orders(of_order("confirm_payment", first))) == "invalid_transition");
  const std::string second = circuit.create(license_order("b"));
  circuit.kill("broker");
  circuit.start({"broker"});
  circuit.wait_for(second, "expired");
  CHECK(circuit.money(second).captures == 0);
}

TEST_CASE("an expiry that races a slow capture takes nothing, or the order is paid after all") {
  Circuit circuit;
  circuit.set_config(
      "[payment]\nexpire_after_s = 1\ntimeout_ms = 300\nretry_first_ms = 20\nretry_max_ms = 100\n"
      "tries_max = 50\n");
  circuit.start();
  std::vector<std::string> ids;
  for (int i = 0; i < 10; ++i)
    ids.push_back(circuit.create(sandbox_order(std::to_string(i), "slow:" + std::to_string(850 + i * 50))));
  for (const std::string& id : ids) {
    std::string status;
    eventually("the order has an end", [&] {
      status = circuit.status(id);
      return status == "expired" || status == "fulfilled";
    });
    CAPTURE(status);
    CHECK(circuit.money(id).captures == (status == "fulfilled" ? 1 : 0));
    CHECK(circuit.money(id).voids == (status == "expired" ? 1 : 0));
  }
}

TEST_CASE("a payment that failed expires too") {
  Circuit circuit;
  circuit.set_config("[payment]\nexpire_after_s = 1\n");
  circuit.start();
  const std::string id = circuit.create(sandbox_order("a", "decline"));
  circuit.wait_for(id, "payment_failed");
  circuit.wait_for(id, "expired");
}

TEST_CASE("a refund gives the money back once, takes the token away, and leaves the receipt as it was") {
  Circuit circuit;
  circuit.start();
  const std::string id = circuit.create(license_order("a"));
  const std::string token = circuit.wait_for(id, "fulfilled").at("delivery_token");
  CHECK(error_of(circuit.control({{"type", "redeem_token"}, {"token", token}})).empty());
  const Json receipt = circuit.orders(of_order("get_receipt", id)).at("receipt");
  const Json asked = circuit.orders({{"type", "request_refund"}, {"order_id", id}, {"reason", "ordered twice"}});
  CHECK(error_of(asked).empty());
  CHECK(asked.at("status") == "refund_pending");
  CHECK(error_of(circuit.control({{"type", "redeem_token"}, {"token", token}})) == "unauthorized");
  CHECK(error_of(circuit.orders(of_order("request_refund", id))) == "invalid_transition");
  const Json order = circuit.wait_for(id, "refunded");
  CHECK(types(order) == std::vector<std::string>{"order_created", "payment_confirmed", "order_fulfilled",
                                                 "refund_requested", "order_refunded"});
  CHECK(order.at("history")[3].at("data").at("reason") == "ordered twice");
  CHECK_FALSE(order.contains("delivery_token"));
  CHECK(error_of(circuit.orders(of_order("request_refund", id))) == "invalid_transition");
  const Money money = circuit.money(id);
  CHECK(money.captures == 1);
  CHECK(money.refunds == 1);
  CHECK(money.refunded == 2000);
  const Json after = circuit.orders(of_order("get_receipt", id));
  CHECK(after.at("receipt") == receipt);
  CHECK(after.at("refund").at("amount") == 2000);
  const Json revenue = circuit.stats().at("revenue").at("USD");
  CHECK(revenue.at("gross") == 2000);
  CHECK(revenue.at("refunded") == 2000);
  CHECK(revenue.at("net") == 0);
}

TEST_CASE("a refund whose answer is lost is given back once") {
  Circuit circuit;
  circuit.start();
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(circuit.create(license_order(std::to_string(i))));
  for (const std::string& id : ids) circuit.wait_for(id, "fulfilled");
  for (const std::string& id : ids) circuit.orders(of_order("request_refund", id));
  circuit.kill("payment");
  circuit.kill("broker");
  circuit.start({"broker", "payment"});
  for (const std::string& id : ids) {
    CHECK(circuit.orders(of_order("request_refund", id)).at("ok") == false);
    circuit.wait_for(id, "refunded");
    CHECK(circuit.money(id).refunds == 1);
  }
}

TEST_CASE("when the refund window is closed the money stays") {
  Circuit circuit;
  circuit.set_config(one_product("refund_window_days = 0\n"));
  circuit.start();
  const std::string id = circuit.create(license_order("a"));
  circuit.wait_for(id, "fulfilled");
  CHECK(error_of(circuit.orders(of_order("request_refund", id))) == "refund_window_closed");
  CHECK(circuit.status(id) == "fulfilled");
  CHECK(circuit.money(id).refunds == 0);
}
