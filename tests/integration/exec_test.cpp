// Products that a program of the operator makes.
#include <catch2/catch.hpp>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;

namespace {

// The script decides by the files that the test puts beside it.
Circuit& with_program(Circuit& circuit, const std::string& script, const std::string& more = "",
                      const std::string& tries = "tries_max = 20\n") {
  const std::filesystem::path path = circuit.directory() / "make-it";
  write_file(path, "#!/bin/sh\nhere=" + circuit.directory().string() + "\n" + script);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  circuit.set_config("[fulfillment]\nretry_first_ms = 20\nretry_max_ms = 50\n" + tries +
                     "[[product]]\nid = \"MADE\"\namount = 300\ncurrency = \"EUR\"\nhandler = \"exec\"\n" + more +
                     "[product.exec]\ncommand = [\"" + path.string() + "\"]\n");
  circuit.start();
  return circuit;
}

Json order_of_program(const std::string& key) {
  return {
      {"type", "create_order"}, {"product_id", "MADE"}, {"customer_id", "customer_001"},      {"idempotency_key", key},
      {"amount", 300},          {"currency", "EUR"},    {"input", {{"text", "made of this"}}}};
}

// Each run that prints something has a log of its own.
std::size_t logs_of_runs(const Circuit& circuit) {
  std::size_t logs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(circuit.data() / "log" / "exec")) logs += entry.exists();
  return logs;
}

}  // namespace

TEST_CASE("a program's files are the deliverable") {
  Circuit circuit;
  with_program(circuit, "cat > order.json\necho done > result.txt\n");
  const std::string id = circuit.create(order_of_program("a"));
  const Json order = circuit.wait_for(id, "fulfilled");
  CHECK(types(order) == happy_path);
  const Json redeemed = circuit.control({{"type", "redeem_token"}, {"token", order.at("delivery_token")}});
  const std::filesystem::path directory = circuit.data() / redeemed.at("directory").get<std::string>();
  REQUIRE(redeemed.at("files").size() == 2);
  CHECK(read_file(directory / "result.txt") == "done\n");
  CHECK(redeemed.at("files")[1].at("sha256") == sha256_hex("done\n"));
  CHECK(Json::parse(read_file(directory / "order.json")).dump().find(id) != std::string::npos);
}

TEST_CASE("a program that can't work now is tried again until it can") {
  Circuit circuit;
  with_program(circuit, "echo tried\n[ -e $here/mended ] || exit 75\necho ok > result.txt\n");
  const std::string id = circuit.create(order_of_program("a"));
  eventually("it was tried three times", [&] { return logs_of_runs(circuit) >= 3; });
  write_file(circuit.directory() / "mended", "");
  const Json order = circuit.wait_for(id, "fulfilled");
  CHECK(types(order) == happy_path);
  CHECK(logs_of_runs(circuit) >= 4);
  CHECK(circuit.money(id).captures == 1);
}

TEST_CASE("with on_failure = refund a failed product gives the money back by itself") {
  Circuit circuit;
  with_program(circuit, "echo 'The colours are sold out.' > failure.txt\nexit 1\n", "on_failure = \"refund\"\n");
  const std::string id = circuit.create(order_of_program("a"));
  const Json order = circuit.wait_for(id, "refunded");
  CHECK(types(order) == std::vector<std::string>{"order_created", "payment_confirmed", "fulfillment_failed",
                                                 "refund_requested", "order_refunded"});
  CHECK(order.at("history")[2].at("data").at("message") == "The colours are sold out.");
  const Money money = circuit.money(id);
  CHECK(money.captures == 1);
  CHECK(money.refunds == 1);
  CHECK(money.refunded == 300);
}

TEST_CASE("with on_failure = hold a failed product is listed, and an operator's retry fulfils it") {
  Circuit circuit;
  with_program(circuit, "[ -e $here/mended ] || exit 2\necho ok > result.txt\n");
  const std::string id = circuit.create(order_of_program("a"));
  circuit.wait_for(id, "fulfillment_failed");
  const Json entry = circuit.attention(id);
  REQUIRE_FALSE(entry.empty());
  CHECK(entry.at("reason") == "fulfillment_failed");
  CHECK(entry.at("what_to_do").get<std::string>().find(id) != std::string::npos);
  CHECK(error_of(circuit.orders({{"type", "retry_order"}, {"order_id", id}})) == "unauthorized");
  write_file(circuit.directory() / "mended", "");
  CHECK(error_of(circuit.control({{"type", "retry_order"}, {"order_id", id}})).empty());
  const Json order = circuit.wait_for(id, "fulfilled");
  CHECK(types(order) == std::vector<std::string>{"order_created", "payment_confirmed", "fulfillment_failed",
                                                 "fulfillment_retried", "order_fulfilled"});
  CHECK(circuit.attention(id).empty());
  CHECK(circuit.money(id).captures == 1);
}

TEST_CASE("a program that never works uses its tries up") {
  Circuit circuit;
  with_program(circuit, "echo tried\nexit 75\n", "on_failure = \"refund\"\n", "tries_max = 3\n");
  const std::string id = circuit.create(order_of_program("a"));
  const Json order = circuit.wait_for(id, "refunded");
  CHECK(order.at("history")[2].at("data").at("reason") == "tries_used_up");
  CHECK(logs_of_runs(circuit) == 3);
  CHECK(circuit.money(id).refunds == 1);
}
