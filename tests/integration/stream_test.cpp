// The stream: one order of events for everybody, whatever happens to the sockets.
#include <catch2/catch.hpp>
#include <csignal>

#include "tests/integration/load.hpp"

using namespace circuit::integration;

namespace {

auto at_least(std::size_t events) {
  return [events](const std::vector<Json>& got) { return got.size() >= events; };
}

}  // namespace

TEST_CASE("a subscriber hears each commit as one contiguous publication") {
  Circuit circuit;
  circuit.start();
  Stream stream = circuit.stream();
  circuit.create(license_order("first"));
  stream.until("the subscription stands", at_least(1));
  Load load(circuit, 300);
  load.run();
  load.wait_until_fulfilled();
  std::uint64_t last = 0;
  const std::uint64_t head = circuit.stats().at("last_seq");
  while (last < head) {
    const auto events = stream.publication(patience);
    REQUIRE(events);
    REQUIRE_FALSE(events->empty());
    if (last == 0) last = events->front().at("seq").get<std::uint64_t>() - 1;
    for (const Json& event : *events) REQUIRE(event.at("seq") == ++last);
  }
}

TEST_CASE("a subscriber that comes late gets everything from seq 1, and then what is new") {
  Circuit circuit;
  circuit.start();
  Load load(circuit, 200);
  load.run();
  load.wait_until_fulfilled();
  Stream late = circuit.stream();
  late.until("all of the past", at_least(600));
  circuit.wait_for(circuit.create(license_order("new")), "fulfilled");
  const std::vector<Json>& events = late.until("the new order", at_least(603));
  for (std::size_t i = 0; i < events.size(); ++i) REQUIRE(events[i].at("seq") == i + 1);
}

TEST_CASE("a replay gives what was asked for, and nothing at the head") {
  Circuit circuit;
  circuit.start();
  Stream stream = circuit.stream();
  CHECK(stream.replay(1, 10).empty());
  Load load(circuit, 50);
  load.run();
  load.wait_until_fulfilled();
  const std::vector<Json> all = stream.replay_all(1);
  REQUIRE(all.size() == 150);
  CHECK(stream.replay_all(7) == all);
  CHECK(stream.replay_all() == all);
  const std::vector<Json> page = stream.replay(100, 20);
  REQUIRE(page.size() == 20);
  CHECK(page.front() == all[99]);
  CHECK(stream.replay(149, 100).size() == 2);
  CHECK(stream.replay(151, 100).empty());
  CHECK(stream.replay(1'000'000, 100).empty());
  for (const std::string& id : load.order_ids()) {
    const Json order = circuit.order(id);
    for (const Json& event : order.at("history")) {
      const std::size_t seq = event.at("seq");
      CHECK(event == all.at(seq - 1));
    }
  }
}

TEST_CASE("the number of events in a replay is bounded by the config") {
  Circuit circuit(quick_config + "[limits]\nreplay_events_max = 10\n");
  circuit.start();
  Load load(circuit, 20);
  load.run();
  load.wait_until_fulfilled();
  CHECK(circuit.stream().replay(1, 1'000'000).size() == 10);
  CHECK(circuit.stream().replay_all().size() == 60);
  CHECK(circuit.whole_audit().lines.size() == 60);
}

TEST_CASE("seq goes on without a gap over restarts and kills of the broker") {
  Circuit circuit;
  circuit.start();
  Stream stream = circuit.stream();
  std::vector<std::string> ids;
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 10; ++i) ids.push_back(circuit.create(license_order(std::to_string(round * 10 + i))));
    if (round % 2 == 0)
      circuit.kill("broker");
    else
      circuit.stop("broker");
    circuit.start({"broker"});
  }
  const std::vector<Json>& events = stream.until("all orders", at_least(ids.size() * 3));
  for (std::size_t i = 0; i < events.size(); ++i) REQUIRE(events[i].at("seq") == i + 1);
  check_books(circuit, ids);
}

TEST_CASE("a subscriber that stands still while thousands of publications pass it misses nothing") {
  // Its queue holds a thousand; the rest it must ask for.
  Circuit circuit(quick_config + "[limits]\npublications_hwm = 1000\n");
  circuit.start();
  circuit.wait_for(circuit.create(license_order("first")), "fulfilled");
  circuit.whole_audit();
  circuit.signal("auditor", SIGSTOP);
  // One at a time, so that each order is several publications.
  std::vector<std::string> ids;
  for (int i = 0; i < 1'000; ++i) ids.push_back(circuit.create(license_order(std::to_string(i))));
  for (const std::string& id : ids) circuit.wait_for(id, "fulfilled");
  circuit.signal("auditor", SIGCONT);
  const Audit audit = circuit.whole_audit();
  CHECK(audit.lines.size() == 3'003);
  CHECK(audit.dead_bytes == 0);
}
