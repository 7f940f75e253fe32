// Daemons that can't start say why, and do no harm.
#include <catch2/catch.hpp>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;

namespace {

struct Ended {
  int code = 0;
  std::string text;
};

Ended run(Circuit& circuit, const std::string& daemon, const std::vector<std::string>& more = {}) {
  const std::filesystem::path output = circuit.directory() / "run.txt";
  std::filesystem::remove(output);
  std::vector<std::string> arguments = {"--data", circuit.data().string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  Process process(program("circuit-" + daemon), arguments, output);
  const int code = process.wait();
  return {code, read_file(output)};
}

}  // namespace

TEST_CASE("every daemon refuses a wrong config with exit code 78, and names file, line and key") {
  Circuit circuit("[payment]\ntimeout_ms = 300\ntries_maxx = 5\n");
  for (const std::string daemon : {"broker", "sandbox", "payment", "fulfillment", "auditor", "relay"}) {
    const Ended ended = run(circuit, daemon, {"--config", circuit.config_path().string()});
    CAPTURE(daemon, ended.text);
    CHECK(ended.code == 78);
    CHECK(ended.text.find(circuit.config_path().string() + ":3:") != std::string::npos);
    CHECK(ended.text.find("tries_maxx") != std::string::npos);
    CHECK(ended.text.find("tries_max\"") != std::string::npos);  // what was meant
  }
  CHECK_FALSE(std::filesystem::exists(circuit.data() / "journal"));
}

TEST_CASE("values out of range, of another kind, or in a torn file are refused by their line") {
  Circuit circuit;
  const auto refused_at = [&](const std::string& config, const std::string& place, const std::string& word) {
    circuit.set_config(config);
    const Ended ended = run(circuit, "broker", {"--config", circuit.config_path().string()});
    CAPTURE(config, ended.text);
    CHECK(ended.code == 78);
    CHECK(ended.text.find(circuit.config_path().string() + place) != std::string::npos);
    CHECK(ended.text.find(word) != std::string::npos);
  };
  refused_at("[payment]\ntimeout_ms = 1\n", ":2:", "payment.timeout_ms");
  refused_at("[payment]\n\ntimeout_ms = \"soon\"\n", ":3:", "payment.timeout_ms");
  refused_at("[sandbox]\nconfirm = \"perhaps\"\n", ":2:", "sandbox.confirm");
  refused_at("[endpoints]\norders = [\"tcp://0.0.0.0:5555\"]\n", ":2:", "endpoints.orders");
  refused_at("[[product]]\nid = \"A\"\namount = 5\ncurrency = \"USD\"\nhandler = \"magic\"\n",
             ":5:", "product.handler");
  refused_at("[[product]]\nid = \"A\"\namount = 5.5\ncurrency = \"USD\"\nhandler = \"exec\"\n",
             ":3:", "product.amount");
  refused_at("[payment\n", ":1:", "");
  const Ended missing = run(circuit, "broker", {"--config", "/nonexistent/circuit.toml"});
  CHECK(missing.code == 78);
  CHECK(missing.text.find("/nonexistent/circuit.toml") != std::string::npos);
  CHECK(run(circuit, "broker", {"--surprise"}).code == 64);
}

TEST_CASE("a second broker, sandbox or auditor on the same directory ends by itself and takes nothing over") {
  Circuit circuit;
  circuit.start();
  for (const std::string daemon : {"broker", "sandbox", "auditor"}) {
    const Ended ended = run(circuit, daemon);
    CAPTURE(daemon, ended.text);
    CHECK(ended.code == 75);
    CHECK(ended.text.find(circuit.data().string()) != std::string::npos);
  }
  // New connections still reach the first ones, and so do the old ones.
  Client fresh = circuit.client();
  const Json reply = fresh.ask(license_order("a"));
  REQUIRE(error_of(reply).empty());
  circuit.wait_for(reply.at("order_id"), "fulfilled");
  circuit.stop("payment");
  circuit.start({"payment"});
  circuit.wait_for(circuit.create(license_order("b")), "fulfilled");
  CHECK(circuit.whole_audit().lines.size() == 6);
}

TEST_CASE("every daemon drains and ends with 0 when it is asked to") {
  Circuit circuit;
  circuit.start();
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(circuit.create(sandbox_order(std::to_string(i), "slow:200")));
  for (const std::string daemon : {"payment", "fulfillment", "auditor", "sandbox", "broker"}) circuit.stop(daemon);
  circuit.start();
  for (const std::string& id : ids) {
    circuit.wait_for(id, "fulfilled");
    CHECK(circuit.money(id).captures == 1);
  }
}
