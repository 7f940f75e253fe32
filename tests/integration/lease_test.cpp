// Workers that stop in the middle of their work and come back too late.
#include <catch2/catch.hpp>
#include <csignal>

#include "tests/integration/load.hpp"

using namespace circuit::integration;

namespace {

const std::string short_leases = quick_config + "[dispatch]\nlease_ms = 1000\nworker_silence_ms = 2000\n";

void wait_until_it_holds_jobs(Circuit& circuit, const std::string& worker) {
  eventually(worker + " holds jobs", [&] { return circuit.worker(worker).value("leased", 0) > 0; });
}

}  // namespace

TEST_CASE("a payment worker that stands still loses its jobs to another one, and its late outcomes are refused") {
  Circuit circuit(short_leases);
  circuit.start();
  std::vector<std::string> ids;
  // The provider is slow, so that the worker holds all of them when it stops.
  for (int i = 0; i < 20; ++i) ids.push_back(circuit.create(sandbox_order(std::to_string(i), "slow:250")));
  wait_until_it_holds_jobs(circuit, "payment");
  circuit.signal("payment", SIGSTOP);
  circuit.start({"payment-2"});
  for (const std::string& id : ids) circuit.wait_for(id, "fulfilled");
  circuit.signal("payment", SIGCONT);
  // It is back when it gets work again.
  circuit.kill("payment-2");
  const std::string last = circuit.create(license_order("last"));
  circuit.wait_for(last, "fulfilled");
  ids.push_back(last);
  check_books(circuit, ids);
}

// Its socket held jobs that another worker had done, and a provider that captures whenever it is asked was asked again.
TEST_CASE("a payment worker that wakes up charges nothing of what waited in its socket") {
  Circuit circuit(short_leases);
  circuit.start();
  eventually("the worker is here", [&] { return !circuit.worker("payment").empty(); });
  circuit.signal("payment", SIGSTOP);
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(circuit.create(sandbox_order(std::to_string(i), "forgetful")));
  wait_until_it_holds_jobs(circuit, "payment");
  circuit.start({"payment-2"});
  for (const std::string& id : ids) circuit.wait_for(id, "fulfilled");
  circuit.signal("payment", SIGCONT);
  eventually("it has noticed", [&] { return circuit.log("payment").find("stood still") != std::string::npos; });
  circuit.kill("payment-2");
  ids.push_back(circuit.create(sandbox_order("last", "forgetful")));
  circuit.wait_for(ids.back(), "fulfilled");
  check_books(circuit, ids);
}

TEST_CASE("a fulfillment worker that stands still delivers nothing twice") {
  Circuit circuit(short_leases);
  circuit.start();
  eventually("the worker is here", [&] { return !circuit.worker("fulfillment").empty(); });
  circuit.signal("fulfillment", SIGSTOP);
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(circuit.create(analysis_order(std::to_string(i), "a,b\n1,2\n3,4\n5,6\n")));
  for (const std::string& id : ids) circuit.wait_for(id, "paid");
  wait_until_it_holds_jobs(circuit, "fulfillment");
  circuit.start({"fulfillment-2"});
  for (const std::string& id : ids) circuit.wait_for(id, "fulfilled");
  circuit.signal("fulfillment", SIGCONT);
  circuit.kill("fulfillment-2");
  ids.push_back(circuit.create(license_order("last")));
  circuit.wait_for(ids.back(), "fulfilled");
  check_books(circuit, ids);
}

TEST_CASE("a job that takes its workers down again and again is held for a person, also over restarts") {
  Circuit circuit("[dispatch]\nlost_leases_max = 2\nworker_silence_ms = 2000\n");
  circuit.start({"broker", "sandbox"});
  // A provider that does not answer keeps the job at its worker.
  circuit.signal("sandbox", SIGSTOP);
  const std::string id = circuit.create(license_order("a"));
  for (int loss = 0; loss < 2; ++loss) {
    circuit.start({"payment"});
    wait_until_it_holds_jobs(circuit, "payment");
    circuit.kill("payment");
    eventually("the worker is gone", [&] { return circuit.worker("payment").empty(); });
  }
  const auto is_held = [&] {
    return circuit.attention(id).value("reason", "") == "lease_lost" &&
           circuit.control({{"type", "status"}}).at("status").at("runnable") == 0;
  };
  eventually("the job is held", is_held);
  circuit.kill("broker");
  circuit.start({"broker", "payment", "fulfillment"});
  CHECK(is_held());
  circuit.signal("sandbox", SIGCONT);
  CHECK(error_of(circuit.control({{"type", "retry_order"}, {"order_id", id}})).empty());
  circuit.wait_for(id, "fulfilled");
  CHECK(circuit.money(id).captures == 1);
}

// It stayed in the queue for fulfillment, whose workers have no use for it, until the broker started anew.
TEST_CASE("a refund that comes while the order waits for a fulfillment worker is made without one") {
  Circuit circuit;
  circuit.start({"broker", "sandbox", "payment"});
  const std::string id = circuit.create(license_order("a"));
  circuit.wait_for(id, "paid");
  CHECK(error_of(circuit.orders({{"type", "request_refund"}, {"order_id", id}})).empty());
  circuit.wait_for(id, "refunded");
}
