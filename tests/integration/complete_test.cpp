// The complete circuit: order, payment, fulfillment, receipt, delivery.
#include <catch2/catch.hpp>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;

namespace {

std::string data_set(const std::string& name) {
  return read_file(std::string(CIRCUIT_SOURCE_DIR "/tests/data/") + name);
}

const std::string seq_64_zeros(64, '0');

void check_event(const Json& event, const Json& order, unsigned version, const std::string& type,
                 const std::string& status) {
  CAPTURE(event);
  CHECK(event.size() == 7);
  CHECK(event.at("order_id") == order.at("order_id"));
  CHECK(event.at("version") == version);
  CHECK(event.at("type") == type);
  CHECK(event.at("status") == status);
  CHECK(event.at("ts").is_number_integer());
  CHECK(event.at("data").at("customer_id") == order.at("customer_id"));
}

void check_audit_line(const Json& line, const std::string& text, const Json& event) {
  CAPTURE(text);
  CHECK(text.starts_with(R"({"seq":)"));
  CHECK(line.at("seq") == event.at("seq"));
  CHECK(line.at("event_type") == event.at("type"));
  CHECK(line.at("order_id") == event.at("order_id"));
  CHECK(line.at("status") == event.at("status"));
  CHECK(line.at("version") == event.at("version"));
  CHECK(line.at("data") == event.at("data"));
  const std::string ts = line.at("ts");
  CHECK(ts.size() == std::string("2026-01-02T03:04:05.000006Z").size());
  CHECK(ts.ends_with("Z"));
  const std::vector<std::string> keys = {"\"seq\":", "\"ts\":", "\"event_type\":", "\"order_id\":", "\"status\":"};
  std::size_t at = 0;
  for (const std::string& key : keys) {
    const std::size_t next = text.find(key, at);
    REQUIRE(next != std::string::npos);
    at = next;
  }
}

// Exactly three events and three audit lines, with the contract's fields.
void check_story(Circuit& circuit, const Json& order) {
  const Json& history = order.at("history");
  REQUIRE(types(order) == happy_path);
  check_event(history[0], order, 1, "order_created", "pending_payment");
  check_event(history[1], order, 2, "payment_confirmed", "paid");
  check_event(history[2], order, 3, "order_fulfilled", "fulfilled");
  CHECK(history[1].at("data").at("amount") == order.at("amount"));
  CHECK(history[1].at("data").at("currency") == order.at("currency"));
  CHECK(order.at("created_at") == history[0].at("ts"));
  CHECK(order.at("paid_at") == history[1].at("ts"));
  CHECK(order.at("fulfilled_at") == history[2].at("ts"));
  const Audit audit = circuit.whole_audit();
  std::size_t lines = 0;
  for (std::size_t i = 0; i < audit.lines.size(); ++i) {
    if (audit.lines[i].at("order_id") != order.at("order_id")) continue;
    REQUIRE(lines < 3);
    check_audit_line(audit.lines[i], audit.texts[i], history[lines++]);
  }
  CHECK(lines == 3);
}

void check_files(Circuit& circuit, const Json& redeemed) {
  const std::filesystem::path directory = circuit.data() / redeemed.at("directory").get<std::string>();
  REQUIRE(redeemed.at("files").size() == 3);
  for (const Json& file : redeemed.at("files")) {
    const std::string content = read_file(directory / file.at("name").get<std::string>());
    CHECK(content.size() == file.at("size"));
    CHECK(sha256_hex(content) == file.at("sha256"));
  }
}

std::string receipt(Client& client, const std::string& id) {
  Json request = {{"type", "get_receipt"}, {"order_id", id}, {"request_id", 1}};
  client.send(request);
  const auto bytes = client.receive_bytes();
  REQUIRE(bytes);
  REQUIRE(error_of(unpacked(*bytes)).empty());
  return *bytes;
}

}  // namespace

TEST_CASE("a licence is ordered, paid and fulfilled without a config file") {
  Circuit circuit("");
  circuit.start();
  const Json reply = circuit.orders(license_order("first"));
  REQUIRE(error_of(reply).empty());
  CHECK(reply.at("status") == "pending_payment");
  CHECK(reply.at("replayed") == false);
  const std::string id = reply.at("order_id");
  CHECK(id.size() == 30);
  CHECK(id.starts_with("ord_"));
  const std::string url = reply.at("payment_url");
  CHECK(url.starts_with("http"));
  CHECK(url.find(id) != std::string::npos);

  const Json order = circuit.wait_for(id, "fulfilled");
  check_story(circuit, order);
  const Json redeemed = circuit.control({{"type", "redeem_token"}, {"token", order.at("delivery_token")}});
  REQUIRE(error_of(redeemed).empty());
  CHECK(redeemed.at("order_id") == id);
  CHECK(redeemed.at("license").get<std::string>().size() > 64);
  CHECK(circuit.money(id).captures == 1);
  CHECK(circuit.money(id).captured == 2000);
}

TEST_CASE("each real data set is analysed, and its files have the SHA-256 that the event names") {
  Circuit circuit("");
  circuit.start();
  for (const std::string name : {"seattle-weather.csv", "us-employment.csv", "birdstrikes.csv"}) {
    CAPTURE(name);
    const std::string id = circuit.create(analysis_order(name, data_set(name)));
    const Json order = circuit.wait_for(id, "fulfilled");
    check_story(circuit, order);
    const Json redeemed = circuit.control({{"type", "redeem_token"}, {"token", order.at("delivery_token")}});
    REQUIRE(error_of(redeemed).empty());
    CHECK(redeemed.at("files") == order.at("history")[2].at("data").at("files"));
    check_files(circuit, redeemed);
    CHECK(circuit.money(id).captured == 5000);
  }
  CHECK(circuit.stats().at("orders_fulfilled") == 3);
  CHECK(circuit.whole_audit().lines.size() == 9);
}

TEST_CASE("a receipt has the same bytes each time, after a restart, and after a change of the config") {
  Circuit circuit("");
  circuit.start();
  const std::string id = circuit.create(analysis_order("a", data_set("us-employment.csv")));
  circuit.wait_for(id, "fulfilled");
  Client client = circuit.client();
  const std::string first = receipt(client, id);
  CHECK(receipt(client, id) == first);
  const Json fields = unpacked(first).at("receipt");
  CHECK(fields.at("order_id") == id);
  CHECK(fields.at("amount") == 5000);
  CHECK(fields.at("charge_id") == circuit.ledger().at(0).at("reference"));
  circuit.stop("broker");
  circuit.set_config(
      "[payment]\nurl = \"https://other.example/{order_id}\"\n[[product]]\nid = \"DATA_ANALYSIS_V1\"\n"
      "amount = 7777\ncurrency = \"EUR\"\nhandler = \"license_key\"\n");
  circuit.start({"broker"});
  Client again = circuit.client();
  CHECK(receipt(again, id) == first);
}

TEST_CASE("there is no receipt before the order is fulfilled") {
  Circuit circuit;
  circuit.start({"broker"});
  const std::string id = circuit.create(license_order("a"));
  CHECK(error_of(circuit.orders({{"type", "get_receipt"}, {"order_id", id}})) == "invalid_transition");
}

TEST_CASE("token, input, metadata and address of a customer stand in no event, audit line or log") {
  Circuit circuit;
  circuit.start();
  Json request = analysis_order("a", "name,value\nzanzibar-secret,1\nother,2\nthird,3\n");
  request["metadata"] = {{"note", "quokka-metadata"}};
  request["client_ip"] = "203.0.113.77";
  const std::string id = circuit.create(request);
  const std::string refused = "zanzibar-refused";
  circuit.push({{"type", "create_order"},
                {"product_id", "DATA_ANALYSIS_V1"},
                {"customer_id", "c"},
                {"idempotency_key", "k"},
                {"amount", 1},
                {"currency", "USD"},
                {"client_ip", "203.0.113.77"},
                {"metadata", {{"note", "quokka-metadata"}}},
                {"input", {{"csv", refused}}}});
  eventually("the push is refused", [&] { return !circuit.stats().at("push_refused").empty(); });
  const Json order = circuit.wait_for(id, "fulfilled");
  const std::string token = order.at("delivery_token");
  circuit.control({{"type", "redeem_token"}, {"token", token}});
  circuit.whole_audit();
  for (const Json& event : circuit.stream().replay_all()) {
    const std::string text = event.dump();
    for (const std::string& secret :
         {token, std::string("zanzibar"), std::string("quokka"), std::string("203.0.113.77")})
      CHECK(text.find(secret) == std::string::npos);
  }
  // The product itself may say what the customer sent; the journal must.
  for (const std::string& secret : {std::string("zanzibar"), std::string("quokka"), std::string("203.0.113.77")}) {
    CAPTURE(secret);
    CHECK(files_with(circuit.directory(), secret, {"d/journal", "d/inputs", "d/deliverables"}).empty());
  }
  CHECK(files_with(circuit.directory(), token).empty());
}
