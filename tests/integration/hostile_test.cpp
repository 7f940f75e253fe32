// Strangers' bytes on the sockets of a running broker.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;

namespace {

constexpr std::size_t memory_kib_max = 150 * 1024;

std::string code_for(Client& client, const std::string& bytes) {
  client.send_bytes(bytes);
  return error_of(client.receive());
}

void check_still_serves(Circuit& circuit) {
  CHECK(memory_kib(circuit.daemon("broker").pid(), "RssAnon") < memory_kib_max);
  const std::string id = circuit.create(license_order("after"));
  CHECK(types(circuit.wait_for(id, "fulfilled")) == happy_path);
}

std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

}  // namespace

TEST_CASE("what is no request is malformed, and the broker goes on") {
  Circuit circuit;
  circuit.start();
  Client client = circuit.client();
  const std::string array_32("\xdd\xff\xff\xff\xff", 5);
  const std::string map_32("\xdf\xff\xff\xff\xff", 5);
  const std::string string_32("\xdb\xff\xff\xff\xff", 5);
  const std::string binary_32("\xc6\xff\xff\xff\xff", 5);
  const std::string extension_32("\xc9\xff\xff\xff\xff\x01", 6);
  CHECK(code_for(client, "") == "malformed_message");
  CHECK(code_for(client, std::string(1, '\0')) == "malformed_message");
  CHECK(code_for(client, "\xc1") == "malformed_message");
  for (const std::string& bytes : {array_32, map_32, string_32, binary_32, extension_32})
    CHECK(code_for(client, bytes) == "malformed_message");
  CHECK(code_for(client, std::string(1'000'000, '\x91')) == "malformed_message");
  CHECK(code_for(client, std::string(1'000'000, '\x81')) == "malformed_message");
  CHECK(code_for(client, std::string(1'000'000, '\xc0')) == "malformed_message");
  CHECK(code_for(client, packed({{"type", "ping"}}) + "x") == "malformed_message");
  CHECK(code_for(client, packed(Json::array({1, 2}))) == "malformed_message");
  CHECK(code_for(client, packed({{"type", 7}})) == "invalid_field");
  CHECK(code_for(client, packed({{"hello", "there"}})) == "missing_field");
  const std::string twice("\x82\xa4type\xa4ping\xa4type\xa4ping", 21);
  CHECK(code_for(client, twice) == "malformed_message");
  check_still_serves(circuit);
}

TEST_CASE("text that is not UTF-8 and numbers that are none are refused") {
  Circuit circuit;
  circuit.start();
  Client client = circuit.client();
  for (const std::string field : {"customer_id", "idempotency_key", "product_id", "currency"}) {
    Json request = license_order("a");
    request[field] = "ab\xff";
    const std::string code = code_for(client, packed(request));
    CHECK((code == "invalid_field" || code == "malformed_message"));
  }
  for (const double number : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    Json request = license_order("a");
    request["amount"] = number;
    CHECK(code_for(client, packed(request)) == "invalid_field");
    request = license_order("a");
    request["metadata"] = {{"x", number}};
    CHECK(code_for(client, packed(request)) == "invalid_field");
  }
  Json request = license_order("a");
  request["metadata"] = {{"x", "\xc3\x28"}};
  CHECK(code_for(client, packed(request)) == "invalid_field");
  request["metadata"] = {{"x", std::string(5'000, 'x')}};
  CHECK(code_for(client, packed(request)) == "invalid_field");
  CHECK(code_for(client, packed({{"type", "ping"}, {"request_id", std::string(2'000, 'x')}})) == "invalid_field");
  CHECK(circuit.stats().at("orders_created") == 0);
  check_still_serves(circuit);
}

TEST_CASE("an input beyond its limit is too large, and one within it is not") {
  Circuit circuit;
  circuit.start();
  Client client = circuit.client();
  constexpr std::size_t mebibyte = 1 << 20;
  CHECK(code_for(client, packed(analysis_order("a", std::string(9 * mebibyte, 'x')))) == "message_too_large");
  // It fits the message's limit, which has room for the rest, but not the product's.
  CHECK(code_for(client, packed(analysis_order("b", std::string(8 * mebibyte + 1'000, 'x')))) == "message_too_large");
  std::string csv = "a,b\n";
  while (csv.size() < 7 * mebibyte) csv += "123456789,987654321\n";
  const std::string id = circuit.create(analysis_order("c", csv));
  circuit.wait_for(id, "fulfilled");
  check_still_serves(circuit);
}

TEST_CASE("a message beyond every limit ends its connection and nothing else") {
  Circuit circuit;
  circuit.start();
  Client attacker = circuit.client();
  attacker.send_bytes(std::string(20 << 20, 'x'));
  CHECK_FALSE(attacker.receive_bytes(milliseconds(300)));
  check_still_serves(circuit);
}

TEST_CASE("random and mutilated messages change nothing") {
  Circuit circuit;
  circuit.start();
  Client client = circuit.client();
  std::mt19937 random(20'260'102);
  const std::string good = packed(analysis_order("victim", "a,b\n1,2\n"));
  constexpr int messages = 5'000;
  for (int i = 0; i < messages; ++i) {
    std::string bytes = i % 2 == 0 ? random_bytes(random, random() % 200) : good;
    // The first byte and the type stay whole or not, but the price never does.
    if (i % 2 == 1) {
      bytes.resize(1 + random() % bytes.size());
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    client.send_bytes(bytes);
  }
  std::size_t refused = 0;
  for (int i = 0; i < messages; ++i) refused += client.receive().at("ok") == false;
  CHECK(refused + circuit.stats().at("orders_created").get<std::size_t>() >= messages);
  CHECK(refused > messages * 9 / 10);
  check_still_serves(circuit);
}

TEST_CASE("messages of many frames are dropped or refused, on each socket") {
  Circuit circuit;
  circuit.start();
  for (const std::string socket : {"orders.sock", "control.sock", "work.sock", "replay.sock", "orders-push.sock"}) {
    CAPTURE(socket);
    zmq::socket_t client = connected(socket == "orders-push.sock" ? zmq::socket_type::push : zmq::socket_type::dealer,
                                     circuit.endpoint(socket));
    eventually("it is connected", [&] {
      zmq::pollitem_t item{client.handle(), 0, ZMQ_POLLOUT, 0};
      return zmq::poll(&item, 1, milliseconds(0)) > 0;
    });
    for (int message = 0; message < 20; ++message)
      for (int frame = 0; frame < 1'000; ++frame)
        client.send(zmq::str_buffer("x"), frame < 999 ? zmq::send_flags::sndmore : zmq::send_flags::none);
    for (const std::string body : {"", "\xc1", "\xdd\xff\xff\xff\xff"}) client.send(zmq::buffer(body));
    // What is answered here came after all of that.
    if (socket == "orders.sock" || socket == "control.sock") {
      const std::string ping = packed({{"type", "ping"}, {"request_id", 7}});
      client.send(zmq::buffer(ping));
      zmq::message_t reply;
      do {
        zmq::pollitem_t item{client.handle(), 0, ZMQ_POLLIN, 0};
        REQUIRE(zmq::poll(&item, 1, patience) == 1);
        REQUIRE(client.recv(reply));
      } while (unpacked(reply.to_string())["request_id"] != 7);
    }
  }
  check_still_serves(circuit);
}

TEST_CASE("nonsense on the work and replay sockets takes no job and breaks no worker") {
  Circuit circuit;
  circuit.start();
  std::mt19937 random(7);
  zmq::socket_t work = connected(zmq::socket_type::dealer, circuit.endpoint("work.sock"));
  zmq::socket_t replay = connected(zmq::socket_type::dealer, circuit.endpoint("replay.sock"));
  for (int i = 0; i < 2'000; ++i) {
    const std::string kind(1, static_cast<char>(random() % 10));
    work.send(zmq::buffer(kind), zmq::send_flags::sndmore);
    work.send(zmq::buffer(random_bytes(random, random() % 60)));
    replay.send(zmq::buffer(random_bytes(random, random() % 60)));
  }
  const std::string forged = packed({{"type", "replay"}, {"from_seq", -1}, {"max", -1}});
  replay.send(zmq::buffer(forged));
  check_still_serves(circuit);
  CHECK(circuit.stream().replay_all().size() == 3);
}

TEST_CASE("good orders on the push socket are taken, and bad ones are counted") {
  Circuit circuit;
  circuit.start();
  circuit.push(license_order("pushed"));
  Json wrong = license_order("wrong");
  wrong["amount"] = 1;
  circuit.push(wrong);
  circuit.push(wrong);
  circuit.push({{"type", "list_orders"}});
  circuit.push(Json::array());
  eventually("all are looked at", [&] {
    const Json stats = circuit.stats();
    const Json& refused = stats.at("push_refused");
    return stats.at("orders_fulfilled") == 1 && refused.value("amount_mismatch", 0) == 2 &&
           refused.value("unauthorized", 0) == 1 && refused.value("malformed_message", 0) == 1;
  });
  CHECK(circuit.orders(license_order("pushed")).at("replayed") == true);
}
