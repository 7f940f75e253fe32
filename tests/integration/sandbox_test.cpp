// Everything that a provider may do to us, one order each: the state is right in the end, and so is the money.
#include <catch2/catch.hpp>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;

namespace {

struct Case {
  std::string behaviour;
  std::string status;
  int captures;
};

void check_fulfilled_once(Circuit& circuit, const std::string& behaviour) {
  CAPTURE(behaviour);
  const std::string id = circuit.create(sandbox_order(behaviour, behaviour));
  const Json order = circuit.wait_for(id, "fulfilled");
  CHECK(types(order) == happy_path);
  const Money money = circuit.money(id);
  CHECK(money.captures == 1);
  CHECK(money.captured == 2000);
  CHECK(money.refunds == 0);
}

}  // namespace

TEST_CASE("a slow, lost or failing answer of the provider ends in exactly one capture") {
  Circuit circuit;
  circuit.start();
  for (const std::string behaviour :
       {"slow:100", "slow:900", "timeout_before", "timeout_after", "error:2", "forgetful", "timeout_after,forgetful",
        "slow:700,forgetful", "error:1,timeout_after", "slow:400,timeout_after,forgetful"})
    check_fulfilled_once(circuit, behaviour);
  CHECK(circuit.stats().at("revenue").at("USD").at("gross") == 10 * 2000);
  CHECK(circuit.control({{"type", "recount"}}).at("agrees") == true);
}

TEST_CASE("a declined charge fails the payment for good, takes nothing, and is listed") {
  Circuit circuit;
  circuit.start();
  const std::string id = circuit.create(sandbox_order("a", "decline"));
  const Json order = circuit.wait_for(id, "payment_failed");
  CHECK(types(order) == std::vector<std::string>{"order_created", "payment_failed"});
  CHECK(order.at("history")[1].at("data").at("reason") == "declined");
  CHECK(circuit.money(id).captures == 0);
  CHECK(circuit.attention(id).at("reason") == "payment_failed");
}

TEST_CASE("a provider that fails at every try takes nothing: the charge is voided before the payment fails") {
  Circuit circuit(quick_config + "[dispatch]\n");
  circuit.set_config("[payment]\ntimeout_ms = 300\nretry_first_ms = 20\nretry_max_ms = 40\ntries_max = 3\n");
  circuit.start();
  const std::string id = circuit.create(sandbox_order("a", "error:99"));
  const Json order = circuit.wait_for(id, "payment_failed");
  CHECK(order.at("history")[1].at("data").at("reason") == "tries_used_up");
  const Money money = circuit.money(id);
  CHECK(money.captures == 0);
  CHECK(money.voids == 1);
}

TEST_CASE("a wrong amount goes back, and the order is listed") {
  Circuit circuit;
  circuit.start();
  const std::string id = circuit.create(sandbox_order("a", "wrong_amount"));
  const Json order = circuit.wait_for(id, "payment_failed");
  CHECK(types(order) == std::vector<std::string>{"order_created", "payment_failed"});
  CHECK(order.at("history")[1].at("data").at("reason") == "capture_mismatch");
  const Money money = circuit.money(id);
  CHECK(money.captures == 1);
  CHECK(money.captured == money.refunded);
  CHECK_FALSE(circuit.attention(id).empty());
  const Json stats = circuit.stats();
  CHECK(stats.at("orders_paid") == 0);
}

TEST_CASE("an operator's retry after a failed payment is a new attempt with a key of its own, and can succeed") {
  Circuit circuit;
  // Three tries: the first attempt's key fails at each of them, the second one's twice.
  circuit.set_config("[payment]\ntimeout_ms = 300\nretry_first_ms = 20\nretry_max_ms = 40\ntries_max = 2\n");
  circuit.start();
  const std::string id = circuit.create(sandbox_order("a", "error:2"));
  circuit.wait_for(id, "payment_failed");
  circuit.set_config("[payment]\ntimeout_ms = 300\nretry_first_ms = 20\nretry_max_ms = 40\ntries_max = 9\n");
  circuit.stop("broker");
  circuit.start({"broker"});
  const Json retried = circuit.control({{"type", "retry_order"}, {"order_id", id}});
  CHECK(error_of(retried).empty());
  CHECK(retried.at("status") == "pending_payment");
  const Json order = circuit.wait_for(id, "fulfilled");
  CHECK(types(order) == std::vector<std::string>{"order_created", "payment_failed", "payment_retried",
                                                 "payment_confirmed", "order_fulfilled"});
  CHECK(order.at("history")[2].at("data").at("attempt") == 2);
  CHECK(order.at("history")[3].at("data").at("attempt") == 2);
  CHECK(circuit.money(id).captures == 1);
  for (const Json& line : circuit.ledger())
    if (line.at("op") == "capture") CHECK(line.at("key") == id + "/2");
  CHECK(error_of(circuit.control({{"type", "retry_order"}, {"order_id", id}})) == "invalid_transition");
}
