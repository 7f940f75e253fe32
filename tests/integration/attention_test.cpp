// Orders that stand still: each is listed, counted and told in the log, and who let it go on stands in the audit log.
#include <catch2/catch.hpp>
#include <csignal>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;

namespace {

const std::string quick_target = quick_config + "[delivery]\ntarget_s = 1\n";

std::int64_t listed(Circuit& circuit, const std::string& reason) {
  return circuit.control({{"type", "status"}}).at("status").at("attention").value(reason, 0);
}

}  // namespace

TEST_CASE("a paid order without a worker is late, in the list, in the log and in the count, and is then delivered") {
  Circuit circuit(quick_target);
  circuit.start({"broker", "sandbox", "payment"});
  const Clock::time_point before = Clock::now();
  const std::string id = circuit.create(license_order("a"));
  circuit.wait_for(id, "paid");
  eventually("it is counted", [&] { return listed(circuit, "late") == 1; });
  const Json entry = circuit.attention(id);
  CHECK(entry.at("reason") == "late");
  CHECK(entry.at("status") == "paid");
  CHECK(entry.at("held") == false);
  CHECK(entry.at("age_us") > 1'000'000);
  // It is no older than this test.
  CHECK(entry.at("age_us") <= std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - before).count());
  CHECK(entry.at("what_to_do").get<std::string>().find(id) != std::string::npos);
  CHECK(entry.at("what_to_do").get<std::string>().find("circuit status") != std::string::npos);
  CHECK(circuit.log("broker").find("attention: " + id + " is paid and does not move: late") != std::string::npos);
  circuit.start({"fulfillment"});
  circuit.wait_for(id, "fulfilled");
  eventually("nothing is counted", [&] { return listed(circuit, "late") == 0; });
  CHECK(circuit.log("broker").find("every order is moving again") != std::string::npos);
}

TEST_CASE("a payment in doubt is listed with its next try, and its operator's retry is an event with a name") {
  Circuit circuit("[payment]\ntimeout_ms = 200\nretry_first_ms = 600000\nretry_max_ms = 600000\n");
  circuit.start({"broker", "sandbox", "payment", "auditor", "fulfillment"});
  circuit.signal("sandbox", SIGSTOP);
  const std::string id = circuit.create(license_order("a"));
  eventually("it is listed", [&] { return circuit.attention(id).value("reason", "") == "provider_unknown"; });
  const Json entry = circuit.attention(id);
  // Ten minutes, a quarter more or less, from the try that failed.
  REQUIRE(entry.at("next_try_at").is_number());
  const std::int64_t wait_us = entry.at("next_try_at").get<std::int64_t>() - entry.at("since").get<std::int64_t>();
  CHECK(wait_us >= 450'000'000);
  CHECK(wait_us <= 750'000'000 + std::chrono::microseconds(patience).count());
  CHECK(entry.at("tries") >= 1);
  CHECK(entry.at("what_to_do").get<std::string>().find("circuit retry " + id) != std::string::npos);
  circuit.signal("sandbox", SIGCONT);
  // Only an operator has a name.
  Json retry = {{"type", "retry_order"}, {"order_id", id}, {"operator", "alice"}};
  CHECK(error_of(circuit.orders({{"type", "cancel_order"}, {"order_id", id}, {"operator", "alice"}})) ==
        "invalid_field");
  CHECK(error_of(circuit.control(retry)).empty());
  const Json order = circuit.wait_for(id, "fulfilled");
  CHECK(types(order) ==
        std::vector<std::string>{"order_created", "retry_requested", "payment_confirmed", "order_fulfilled"});
  CHECK(order.at("history")[1].at("data") ==
        Json({{"customer_id", "customer_001"}, {"reason", "provider_unknown"}, {"operator", "alice"}}));
  CHECK(circuit.money(id).captures == 1);
  const Audit audit = circuit.whole_audit();
  REQUIRE(audit.lines.size() == 4);
  CHECK(audit.lines[1].at("event_type") == "retry_requested");
  CHECK(audit.lines[1].at("data").at("operator") == "alice");
  CHECK(error_of(circuit.control(retry)) == "invalid_transition");
}

TEST_CASE("a list of orders that stand still goes on behind its last one") {
  Circuit circuit;
  circuit.start({"broker", "sandbox", "payment"});
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(circuit.create(sandbox_order(std::to_string(i), "decline")));
  for (const std::string& id : ids) circuit.wait_for(id, "payment_failed");
  std::vector<std::string> listed;
  Json request = {{"type", "get_attention"}, {"max", 2}};
  for (int page = 0; page < 4; ++page) {
    const Json reply = circuit.control(request);
    for (const Json& entry : reply.at("attention")) listed.push_back(entry.at("order_id"));
    if (reply.at("after").is_null()) break;
    request["after"] = reply.at("after");
  }
  CHECK(listed == ids);
  CHECK(error_of(circuit.control({{"type", "get_attention"}, {"after", "x"}})) == "invalid_field");
}

TEST_CASE("an operator without a name is known by the user id, and an upstream's own change names nobody") {
  Circuit circuit(quick_config + "[sandbox]\nconfirm = \"manual\"\n");
  circuit.start();
  const std::string mine = circuit.create(license_order("a"));
  const std::string theirs = circuit.create(license_order("b"));
  circuit.control({{"type", "confirm_payment"}, {"order_id", mine}});
  circuit.orders({{"type", "confirm_payment"}, {"order_id", theirs}});
  const Json by_operator = circuit.wait_for(mine, "fulfilled").at("history")[1];
  const Json by_upstream = circuit.wait_for(theirs, "fulfilled").at("history")[1];
  CHECK(by_operator.at("data").at("operator").get<std::string>().starts_with("local:"));
  CHECK_FALSE(by_upstream.at("data").contains("operator"));
}
