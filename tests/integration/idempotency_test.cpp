// The same order sent again is the same order, for its whole life.
#include <catch2/catch.hpp>
#include <msgpack.hpp>
#include <set>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;

namespace {

// license_order("a") with metadata, its keys in another order and its integers as wide as they go.
std::string wide_and_shuffled() {
  msgpack::sbuffer buffer;
  msgpack::packer<msgpack::sbuffer> packer(buffer);
  packer.pack_map(7);
  packer.pack(std::string("metadata")).pack_map(2);
  packer.pack(std::string("z")).pack_fix_int64(7);
  packer.pack(std::string("a")).pack_map(2);
  packer.pack(std::string("y")).pack_fix_uint32(2).pack(std::string("x")).pack_fix_uint16(1);
  packer.pack(std::string("currency")).pack(std::string("USD"));
  packer.pack(std::string("amount")).pack_fix_int64(2000);
  packer.pack(std::string("idempotency_key")).pack(std::string("a"));
  packer.pack(std::string("customer_id")).pack(std::string("customer_001"));
  packer.pack(std::string("product_id")).pack(std::string("LICENSE_KEY_V1"));
  packer.pack(std::string("type")).pack(std::string("create_order"));
  return {buffer.data(), buffer.size()};
}

}  // namespace

TEST_CASE("the same order again is replayed with its current status, also after a restart of the broker") {
  Circuit circuit;
  circuit.start();
  const std::string id = circuit.create(license_order("a"));
  circuit.wait_for(id, "fulfilled");
  const auto check_replay = [&](const Json& request) {
    const Json reply = circuit.orders(request);
    REQUIRE(error_of(reply).empty());
    CHECK(reply.at("order_id") == id);
    CHECK(reply.at("replayed") == true);
    CHECK(reply.at("status") == "fulfilled");
  };
  check_replay(license_order("a"));
  Json elsewhere = license_order("a");
  elsewhere["client_ip"] = "203.0.113.9";
  check_replay(elsewhere);
  circuit.stop("broker");
  circuit.start({"broker"});
  check_replay(license_order("a"));
  circuit.kill("broker");
  circuit.start({"broker"});
  check_replay(license_order("a"));
  CHECK(circuit.stats().at("orders_created") == 1);
}

TEST_CASE("the order of map keys and the width of integers make no other order") {
  Circuit circuit;
  circuit.start({"broker"});
  Json request = license_order("a");
  request["metadata"] = {{"a", {{"x", 1}, {"y", 2}}}, {"z", 7}};
  const std::string id = circuit.create(request);
  Client client = circuit.client();
  client.send_bytes(wide_and_shuffled());
  const Json reply = client.receive();
  CHECK(error_of(reply) == "");
  CHECK(reply.value("order_id", "") == id);
  CHECK(reply.value("replayed", false));
}

TEST_CASE("another body under the same key is a conflict") {
  Circuit circuit;
  circuit.start({"broker"});
  circuit.create(analysis_order("a", "x,y\n1,2\n"));
  const auto changed = [&](const std::string& field, const Json& value) {
    Json request = analysis_order("a", "x,y\n1,2\n");
    request[field] = value;
    return error_of(circuit.orders(request));
  };
  CHECK(changed("amount", 5001) == "idempotency_conflict");
  CHECK(changed("currency", "EUR") == "idempotency_conflict");
  CHECK(changed("product_id", "LICENSE_KEY_V1") == "idempotency_conflict");
  CHECK(changed("metadata", {{"a", 1}}) == "idempotency_conflict");
  CHECK(changed("input", {{"csv", "x,y\n1,3\n"}}) == "idempotency_conflict");
  CHECK(changed("input", nullptr) == "idempotency_conflict");
  circuit.kill("broker");
  circuit.start({"broker"});
  CHECK(changed("amount", 5001) == "idempotency_conflict");
  // Another customer's key is another key.
  CHECK(changed("customer_id", "customer_002").empty());
  CHECK(circuit.stats().at("orders_created") == 2);
}

TEST_CASE("duplicates in one burst create one order") {
  Circuit circuit;
  circuit.start({"broker"});
  for (const Json& request : {license_order("licence"), analysis_order("analysis", "x,y\n1,2\n")}) {
    std::vector<Client> clients;
    for (int i = 0; i < 4; ++i) clients.push_back(circuit.client());
    constexpr int each = 25;
    for (int i = 0; i < each; ++i)
      for (Client& client : clients) client.send(request);
    std::set<std::string> ids;
    int fresh = 0;
    for (Client& client : clients)
      for (int i = 0; i < each; ++i) {
        const Json reply = client.receive();
        REQUIRE(error_of(reply).empty());
        ids.insert(reply.at("order_id"));
        fresh += reply.at("replayed") == false;
      }
    CHECK(ids.size() == 1);
    CHECK(fresh == 1);
  }
  CHECK(circuit.stats().at("orders_created") == 2);
}

TEST_CASE("a refused order reserves nothing") {
  Circuit circuit;
  circuit.start({"broker"});
  Json request = license_order("a");
  request["amount"] = 1;
  CHECK(error_of(circuit.orders(request)) == "amount_mismatch");
  const Json reply = circuit.orders(license_order("a"));
  CHECK(error_of(reply).empty());
  CHECK(reply.at("replayed") == false);
}
