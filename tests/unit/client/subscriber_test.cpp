#include "broker/client/subscriber.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/unit/auditor/sample_events.hpp"
#include "tests/unit/client/fake_broker.hpp"
#include "tests/unit/daemon/scratch_directory.hpp"

namespace circuit::client {
namespace {

using namespace std::chrono_literals;
using test::FakeBroker;

// A broker and a subscriber in one thread: they take turns.
struct Stage {
  ScratchDirectory directory;
  test::FakeJournal journal;
  std::optional<FakeBroker> broker;
  zmq::context_t context;
  SubscriberOptions options = FakeBroker::options(directory.path);
  std::optional<Subscriber> subscriber;
  std::uint64_t last = 0;  // seq given

  Stage() {
    // Long, so that a test in which nothing is lost would fail if it needed them.
    options.replay_wait = options.idle = 60s;
    broker.emplace(directory.path, journal);
  }
  void start() { subscriber.emplace(context, options), last = options.from_seq - 1; }
  void commit(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) test::commit(journal, test::sample_event(journal.size() + 1));
  }
  void publish(std::uint64_t count) {
    commit(count);
    broker->publish(journal.size() - count + 1, journal.size());
  }
  std::size_t turn(std::chrono::milliseconds wait = 5ms) {
    if (broker) broker->serve();
    return subscriber->receive(wait, [this](const schema::Event& event) {
      // The order that the subscriber promises, whatever was lost.
      REQUIRE(event.seq == last + 1);
      REQUIRE(event.order == test::sample_event(event.seq).order);
      last = event.seq;
    });
  }
  // Takes turns until everything in the journal was given, or too much time has gone.
  bool reach_end() {
    return until([this] { return last == journal.size(); });
  }
  bool reach_head() {
    return until([this] { return last == journal.size() && subscriber->caught_up(); });
  }
  template <class Condition>
  bool until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!condition() && std::chrono::steady_clock::now() < deadline) turn();
    return condition();
  }
};

TEST_CASE("a subscriber gets what was there before it, then what is published") {
  Stage stage;
  stage.commit(7);
  stage.start();
  REQUIRE(stage.broker->await_subscriber());
  REQUIRE(stage.reach_head());
  CHECK(stage.subscriber->next_seq() == 8);
  stage.publish(3);
  stage.publish(1);
  CHECK(stage.reach_end());
}

TEST_CASE("a subscriber can start anywhere") {
  Stage stage;
  stage.commit(10);
  stage.options.from_seq = 6;
  stage.start();
  CHECK(stage.reach_head());
  CHECK(stage.subscriber->next_seq() == 11);
}

TEST_CASE("a subscriber that starts behind the head is caught up and gets nothing") {
  Stage stage;
  stage.commit(10);
  stage.options.from_seq = 50;
  stage.start();
  CHECK(stage.until([&] { return stage.subscriber->caught_up(); }));
  CHECK(stage.subscriber->next_seq() == 50);
}

TEST_CASE("a long past comes in many answers") {
  Stage stage;
  stage.commit(1'000);
  stage.options.replay_events_max = 7;
  stage.start();
  CHECK(stage.reach_head());
  CHECK(stage.broker->requests >= 1'000 / 7);
}

TEST_CASE("a lost publication is replayed") {
  Stage stage;
  stage.start();
  REQUIRE(stage.broker->await_subscriber());
  REQUIRE(stage.reach_head());
  stage.subscriber->drop_publications(2);
  stage.publish(5);
  stage.publish(1);
  stage.publish(4);
  CHECK(stage.reach_end());
}

TEST_CASE("a lost last publication is replayed after an idle time") {
  Stage stage;
  stage.options.idle = 20ms;
  stage.start();
  REQUIRE(stage.broker->await_subscriber());
  REQUIRE(stage.reach_head());
  stage.subscriber->drop_publications(1);
  stage.publish(5);
  CHECK(stage.reach_end());
}

TEST_CASE("a request or answer that is lost is made again") {
  Stage stage;
  stage.commit(5);
  stage.options.replay_wait = 20ms;
  stage.broker->requests_to_lose = 3;
  stage.start();
  CHECK(stage.reach_end());
  CHECK(stage.broker->requests >= 4);
}

TEST_CASE("late answers and publications that come twice give no event twice") {
  Stage stage;
  stage.commit(50);
  stage.options.replay_wait = 1ms;
  stage.options.replay_events_max = 10;
  stage.start();
  REQUIRE(stage.broker->await_subscriber());
  // Several requests before the first answer.
  for (int i = 0; i < 5; ++i)
    CHECK(stage.subscriber->receive(5ms, [](const schema::Event&) { FAIL("no answer yet"); }) == 0);
  stage.broker->publish(1, 20);
  stage.broker->publish(10, 30);
  stage.broker->publish(1, 50);
  CHECK(stage.reach_head());
  stage.broker->publish(45, 50);
  stage.broker->publish_bytes("\x90");
  stage.publish(1);
  CHECK(stage.reach_end());
}

TEST_CASE("a contiguous stream at full speed asks for no replay") {
  Stage stage;
  stage.start();
  REQUIRE(stage.broker->await_subscriber());
  REQUIRE(stage.reach_head());
  const std::uint64_t requests = stage.broker->requests;
  for (int i = 0; i < 100; ++i) {
    stage.publish(500);
    stage.turn(0ms);
  }
  REQUIRE(stage.reach_end());
  CHECK(stage.subscriber->caught_up());
  CHECK(stage.broker->requests == requests);
}

TEST_CASE("a subscriber catches up while the stream pours on") {
  Stage stage;
  stage.commit(5'000);
  stage.options.replay_events_max = 100;
  stage.start();
  REQUIRE(stage.broker->await_subscriber());
  // Every turn publishes half of what a replay brings, and never stops until the subscriber has come close.
  CHECK(stage.until([&] {
    stage.publish(50);
    return stage.subscriber->caught_up() && stage.journal.size() - stage.last <= 200;
  }));
  const std::uint64_t requests = stage.broker->requests;
  for (int i = 0; i < 50; ++i) {
    stage.publish(50);
    stage.turn();
  }
  CHECK(stage.reach_end());
  // It lives on publications now.
  CHECK(stage.broker->requests <= requests + 1);
}

TEST_CASE("a broker that restarts goes on with the same subscriber") {
  Stage stage;
  stage.options.replay_wait = stage.options.idle = 50ms;
  stage.start();
  REQUIRE(stage.broker->await_subscriber());
  stage.publish(10);
  REQUIRE(stage.reach_head());
  stage.broker.reset();
  stage.commit(10);
  for (int i = 0; i < 3; ++i) CHECK(stage.turn() == 0);
  stage.broker.emplace(stage.directory.path, stage.journal);
  CHECK(stage.reach_end());
  REQUIRE(stage.broker->await_subscriber());
  stage.publish(10);
  CHECK(stage.reach_end());
  // What was asked for while no broker was there did not gather.
  CHECK(stage.broker->requests < 100);
}

TEST_CASE("a subscriber may start before its broker") {
  Stage stage;
  stage.broker.reset();
  stage.commit(3);
  stage.start();
  CHECK(stage.turn() == 0);
  stage.broker.emplace(stage.directory.path, stage.journal);
  CHECK(stage.reach_end());
}

TEST_CASE("at most about events_max events are given at a time") {
  Stage stage;
  stage.start();
  REQUIRE(stage.broker->await_subscriber());
  REQUIRE(stage.reach_head());
  for (int i = 0; i < 10; ++i) stage.publish(10);
  std::size_t most = 0;
  const auto count = [](const schema::Event&) {};
  while (stage.subscriber->next_seq() <= 100) most = std::max(most, stage.subscriber->receive(10s, count, 15));
  CHECK(most <= 20);
}

TEST_CASE("a readable descriptor ends the wait") {
  Stage stage;
  stage.start();
  const int descriptor = ::eventfd(1, EFD_CLOEXEC);
  const auto start = std::chrono::steady_clock::now();
  CHECK(stage.subscriber->receive(
            60s, [](const schema::Event&) {}, 10, descriptor) == 0);
  CHECK(std::chrono::steady_clock::now() - start < 30s);
  ::close(descriptor);
}

TEST_CASE("an event whose receiver throws is given again") {
  Stage stage;
  stage.commit(3);
  stage.options.replay_wait = 20ms;
  stage.start();
  const auto refuse = [](const schema::Event& event) {
    if (event.seq == 2) throw std::length_error("full");
  };
  const auto take_turns = [&] {
    for (;;) {
      stage.broker->serve();
      stage.subscriber->receive(5ms, refuse);
    }
  };
  CHECK_THROWS_AS(take_turns(), std::length_error);
  CHECK(stage.subscriber->next_seq() == 2);
  stage.last = 1;
  CHECK(stage.reach_end());
}

TEST_CASE("bytes that are no events are a fault of the broker") {
  Stage stage;
  stage.start();
  REQUIRE(stage.broker->await_subscriber());
  REQUIRE(stage.reach_head());
  stage.commit(3);
  const auto array_of = [&](std::initializer_list<std::size_t> seqs) {
    std::string bytes;
    schema::Packer(bytes).array(static_cast<std::uint32_t>(seqs.size()));
    for (const std::size_t seq : seqs) bytes += stage.journal[seq - 1];
    return bytes;
  };
  const std::string good = array_of({1, 2, 3});
  std::vector<std::string> broken = {"\xc1", "\x91\x01", "\x80", good + "\x01", array_of({1, 3}), array_of({1, 1})};
  for (std::size_t size = 0; size < good.size(); ++size) broken.push_back(good.substr(0, size));
  for (const std::string& bytes : broken) {
    stage.broker->publish_bytes(bytes);
    CHECK_THROWS_AS(stage.until([] { return false; }), std::runtime_error);
    stage.last = stage.subscriber->next_seq() - 1;
  }
  stage.broker->publish(1, 3);
  CHECK(stage.reach_end());
}

}  // namespace
}  // namespace circuit::client
