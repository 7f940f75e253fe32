// A config file that is read again while orders are under way.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;
namespace fs = std::filesystem;

namespace {

std::string product(const std::string& id, int amount, const std::string& script) {
  return "[[product]]\nid = \"" + id + "\"\namount = " + std::to_string(amount) +
         "\ncurrency = \"USD\"\nhandler = \"exec\"\n[product.exec]\ncommand = [\"/bin/sh\", \"-c\", \"" + script +
         "\"]\n";
}

Json order_of(const std::string& id, int amount, const std::string& key) {
  return {{"type", "create_order"}, {"product_id", id}, {"customer_id", "customer_001"},
          {"idempotency_key", key}, {"amount", amount}, {"currency", "USD"}};
}

std::string result_of(Circuit& circuit, const std::string& id) {
  const Json done = circuit.wait_for(id, "fulfilled");
  const Json redeemed = circuit.control({{"type", "redeem_token"}, {"token", done.at("delivery_token")}});
  return read_file(circuit.data() / redeemed.at("directory").get<std::string>() / "result");
}

// Writes the file and has the daemons read it, the broker last; returns when each has said so.
void reload(Circuit& circuit, const std::string& config, const std::string& word = "reloaded") {
  circuit.set_config(config);
  for (const char* name : {"fulfillment", "broker"}) {
    const auto said = [&] {
      const std::string log = circuit.log(name);
      std::size_t times = 0;
      for (std::size_t at = 0; (at = log.find(word, at)) != std::string::npos; ++at) ++times;
      return times;
    };
    const std::size_t before = said();
    circuit.signal(name, SIGHUP);
    eventually(std::string(name) + " has read its file again", [&] { return said() > before; });
  }
}

const std::string head = quick_config;
const std::string first = product("A", 300, "echo first > result");

}  // namespace

TEST_CASE("SIGHUP ends no daemon, not even one without a config file") {
  Circuit circuit("");
  circuit.start();
  for (const char* name : {"broker", "payment", "fulfillment", "auditor", "sandbox"}) {
    circuit.signal(name, SIGHUP);
    eventually("it says why nothing changes",
               [&] { return circuit.log(name).find("no config file") != std::string::npos; });
    CHECK(circuit.daemon(name).running());
  }
  circuit.wait_for(circuit.create(license_order("a")), "fulfilled");
}

TEST_CASE("a reload changes prices, products and programs under load, and no order is dropped") {
  Circuit circuit(head + first);
  circuit.start();
  std::vector<std::string> ids;
  std::size_t refused = 0;
  Client client = circuit.client();
  for (int round = 0; round < 4; ++round) {
    const int price = 300 + round;
    // Orders of the price that holds, and of the next one, are on their way while the file changes.
    for (int i = 0; i < 50; ++i)
      client.send(order_of("A", price + i % 2, std::to_string(round) + "-" + std::to_string(i)));
    reload(circuit, head + product("A", price + 1, "echo round " + std::to_string(round + 1) + " > result"));
    for (int i = 0; i < 50; ++i) {
      const Json reply = client.receive();
      if (error_of(reply).empty())
        ids.push_back(reply.at("order_id"));
      else if (error_of(reply) == "amount_mismatch")
        ++refused;
      else
        FAIL(reply.dump());
    }
  }
  CHECK(ids.size() + refused == 200);
  CHECK(ids.size() >= 50);
  CHECK(circuit.orders({{"type", "get_stats"}}).at("stats").is_object());
  for (const std::string& id : ids) {
    circuit.wait_for(id, "fulfilled");
    CHECK(circuit.money(id).captures == 1);
  }
  // What holds now: the price, and the program.
  CHECK(error_of(circuit.orders(order_of("A", 300, "old price"))) == "amount_mismatch");
  CHECK(result_of(circuit, circuit.create(order_of("A", 304, "new price"))) == "round 4\n");
  // And a product that was not there.
  CHECK(error_of(circuit.orders(order_of("B", 700, "too early"))) == "unknown_product");
  reload(circuit, head + product("A", 304, "echo x > result") + product("B", 700, "echo b > result"));
  CHECK(result_of(circuit, circuit.create(order_of("B", 700, "now"))) == "b\n");
}

TEST_CASE("a broken file changes nothing, and says where it is broken") {
  Circuit circuit(head + first);
  circuit.start();
  reload(circuit, head + product("A", 999, "echo second > result") + "[payment\n", "not reloaded");
  for (const char* name : {"broker", "fulfillment"}) {
    CAPTURE(circuit.log(name));
    CHECK(circuit.log(name).find(circuit.config_path().string() + ":") != std::string::npos);
  }
  CHECK(result_of(circuit, circuit.create(order_of("A", 300, "a"))) == "first\n");
  reload(circuit, head + product("A", 0, "true"), "not reloaded");
  CHECK(circuit.log("broker").find("product.amount") != std::string::npos);
  CHECK(result_of(circuit, circuit.create(order_of("A", 300, "b"))) == "first\n");
}

TEST_CASE("a setting that needs a restart is named, and the catalogue beside it is taken") {
  Circuit circuit(head + first);
  circuit.start();
  reload(circuit, "[limits]\nbatch_items_max = 17\n" + head + product("A", 301, "echo second > result"));
  CHECK(circuit.log("broker").find("limits.batch_items_max") != std::string::npos);
  CHECK(circuit.log("broker").find("product A is changed") != std::string::npos);
  CHECK(result_of(circuit, circuit.create(order_of("A", 301, "a"))) == "second\n");
}

TEST_CASE("open orders of a product that is sold no more stay, are listed, and go on when it comes back") {
  Circuit circuit("[fulfillment]\nretry_first_ms = 20\nretry_max_ms = 100\ntries_max = 3\n" + first);
  circuit.start({"broker", "sandbox", "payment", "auditor"});
  const std::string id = circuit.create(order_of("A", 300, "a"));
  circuit.wait_for(id, "paid");
  circuit.set_config("[fulfillment]\nretry_first_ms = 20\nretry_max_ms = 100\ntries_max = 3\n" +
                     product("B", 300, "echo b > result"));
  circuit.start({"fulfillment"});
  circuit.signal("broker", SIGHUP);
  int tries = 0;
  eventually("it can't be bought any more", [&] {
    return error_of(circuit.orders(order_of("A", 300, "late " + std::to_string(++tries)))) == "unknown_product";
  });
  circuit.wait_for(id, "fulfillment_failed");
  CHECK_FALSE(circuit.attention(id).empty());
  CHECK(circuit.money(id).refunds == 0);
  reload(circuit, "[fulfillment]\nretry_first_ms = 20\nretry_max_ms = 100\ntries_max = 3\n" + first);
  CHECK(error_of(circuit.control({{"type", "retry_order"}, {"order_id", id}})).empty());
  CHECK(result_of(circuit, id) == "first\n");
  CHECK(circuit.money(id).captures == 1);
}

TEST_CASE("circuit reload tells the daemons, but not of a file that none would take") {
  Circuit circuit(head + first);
  const fs::path output = circuit.directory() / "cli.txt";
  const auto cli = [&](const std::vector<std::string>& words) {
    fs::remove(output);
    std::vector<std::string> arguments = words;
    arguments.insert(arguments.end(), {"--data", circuit.data().string()});
    Process process(program("circuit"), arguments, output);
    return process.wait();
  };
  CHECK(cli({"reload"}) == 3);
  circuit.set_config(head + first);
  REQUIRE(cli({"up", "--config", circuit.config_path().string()}) == 0);
  const auto down = [&] { return cli({"down"}); };
  circuit.set_config(head + product("A", 301, "echo second > result"));
  CHECK(cli({"reload"}) == 0);
  CHECK(read_file(output).find("told circuit-broker") != std::string::npos);
  eventually("the new price holds", [&] { return error_of(circuit.orders(order_of("A", 301, "a"))).empty(); });
  circuit.set_config("[payment\n");
  CHECK(cli({"reload"}) == 78);
  CHECK(read_file(output).find(circuit.config_path().string() + ":1:") != std::string::npos);
  const std::string log = read_file(circuit.data() / "log" / "circuit-broker.log");
  CHECK(log.find("not reloaded") == std::string::npos);
  CHECK(down() == 0);
}
