// Storage that does not work for a while, and keys that are gone: nothing is acknowledged that is not stored.
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

#include "tests/integration/failing_calls.hpp"
#include "tests/integration/load.hpp"

using namespace circuit::integration;

namespace {

// Sends it until it is taken, as a good client does.
std::string create_in_the_end(Circuit& circuit, const Json& request) {
  std::string id;
  eventually("the order is taken", [&] {
    const Json reply = circuit.orders(request);
    if (error_of(reply).empty()) id = reply.at("order_id");
    return !id.empty();
  });
  return id;
}

}  // namespace

TEST_CASE("an order whose commit fails is refused as unavailable, and taken when the disk works again") {
  Circuit circuit;
  circuit.start();
  std::vector<std::string> ids = {circuit.create(license_order("before"))};
  circuit.wait_for(ids[0], "fulfilled");
  {
    FailingCalls failing(circuit, "broker", "fdatasync", "error=EIO:when=1..3");
    const Json reply = circuit.orders(license_order("a"));
    CHECK(error_of(reply) == "unavailable");
    CHECK(reply.at("error").at("retry_after_ms") > 0);
    ids.push_back(create_in_the_end(circuit, license_order("a")));
    failing.end();
  }
  circuit.wait_for(ids[1], "fulfilled");
  CHECK(circuit.orders(license_order("a")).at("replayed") == true);
  check_books(circuit, ids);
}

TEST_CASE("workers' outcomes that could not be stored are offered again") {
  Circuit circuit;
  circuit.start();
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(circuit.create(sandbox_order(std::to_string(i), "slow:200")));
  {
    // The orders are stored; what fails are commits of their payments.
    FailingCalls failing(circuit, "broker", "fdatasync", "error=ENOSPC:when=1..2");
    for (const std::string& id : ids) circuit.wait_for(id, "fulfilled");
    failing.end();
  }
  check_books(circuit, ids);
  CHECK(circuit.log("broker").find("nothing of this batch was stored") != std::string::npos);
}

TEST_CASE("below the floor of free space new orders are unavailable, and open ones go on") {
  const std::string manual = quick_config + "[sandbox]\nconfirm = \"manual\"\n";
  Circuit circuit(manual);
  circuit.start();
  const std::string open = circuit.create(license_order("open"));
  circuit.kill("broker");
  // More than the map can grow by, whatever the disk has.
  circuit.set_config(manual + "[limits]\nmap_bytes = 1073741824\nfree_space_floor_bytes = 2147483648\n");
  circuit.start({"broker"});
  const Json reply = circuit.orders(license_order("new"));
  CHECK(error_of(reply) == "unavailable");
  CHECK(reply.at("error").at("retry_after_ms") > 0);
  CHECK(circuit.orders(license_order("open")).at("replayed") == true);
  CHECK(error_of(circuit.orders({{"type", "confirm_payment"}, {"order_id", open}})).empty());
  circuit.wait_for(open, "fulfilled");
}

TEST_CASE("a broker whose key is gone does not start on orders that were signed with it") {
  for (const std::string key : {"token.key", "license.key"}) {
    Circuit circuit;
    circuit.start();
    circuit.wait_for(circuit.create(license_order("a")), "fulfilled");
    circuit.stop("broker");
    std::filesystem::remove(circuit.data() / "keys" / key);
    const std::filesystem::path output = circuit.directory() / "again.log";
    Process broker(program("circuit-broker"), {"--data", circuit.data().string()}, output);
    CHECK(broker.wait() == 78);
    CHECK(read_file(output).find(key + " is missing") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(circuit.data() / "keys" / key));
  }
}

TEST_CASE("two workers of the same name share the work and lose no lease") {
  Circuit circuit(quick_config + "[dispatch]\nlost_leases_max = 1\n");
  circuit.start();
  Process twin(
      program("circuit-payment"),
      {"--data", circuit.data().string(), "--name", "circuit-payment", "--config", circuit.config_path().string()},
      circuit.directory() / "twin.log");
  eventually("both are here", [&] {
    const Json status = circuit.control({{"type", "status"}});
    std::size_t payment = 0;
    for (const Json& worker : status.at("status").at("workers")) payment += worker.at("role") == "payment";
    return payment == 2;
  });
  std::vector<std::string> ids;
  // Longer than a few heartbeats: they would take each other's place.
  for (int i = 0; i < 10; ++i) ids.push_back(circuit.create(sandbox_order(std::to_string(i), "slow:2500")));
  for (const std::string& id : ids) circuit.wait_for(id, "fulfilled");
  check_books(circuit, ids);
}
