#include "workers/fulfillment/offers.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/fulfillment/order.hpp"

using namespace circuit;
using namespace circuit::fulfillment;

namespace {

struct Table {
  ScratchDirectory scratch;
  std::vector<std::uint64_t> sent;
  schema::Decision last = schema::Decision::none;
  Offers offers{4, [this](const schema::Outcome& outcome) {
                  sent.push_back(outcome.lease.number);
                  last = outcome.decision;
                }};
  TimePoint now{};

  std::filesystem::path make_files(std::uint64_t lease) {
    auto answer = std::make_unique<Answer>();
    answer->decision = schema::Decision::make;
    answer->event = schema::EventType::order_fulfilled;
    answer->directory = std::to_string(lease);
    answer->place = scratch.path() / "ord" / answer->directory;
    answer->files.push_back({"file", 1, "00"});
    const std::filesystem::path place = answer->place;
    write_content(place / "file", "x");
    offers.make({1, lease}, order_of(1), std::move(answer));
    return place;
  }
  void refuse(std::uint64_t lease, bool again) { offers.refused({{1, lease}, order_of(1), again, "why"}, now); }
};

}  // namespace

TEST_CASE("an answer that could not be stored is offered again a little later") {
  Table table;
  const auto place = table.make_files(7);
  table.refuse(7, true);
  table.offers.tick(table.now);
  CHECK(table.sent.size() == 1);
  REQUIRE(table.offers.next_due() == table.now + offer_again_after);
  table.now += offer_again_after;
  table.offers.tick(table.now);
  CHECK(table.sent == std::vector<std::uint64_t>{7, 7});
  CHECK_FALSE(table.offers.next_due());
  CHECK(std::filesystem::exists(place / "file"));
}

TEST_CASE("an answer that came too late loses its own files only") {
  Table table;
  const auto late = table.make_files(7);
  const auto other = table.make_files(8);
  table.refuse(7, false);
  CHECK_FALSE(std::filesystem::exists(late));
  CHECK(std::filesystem::exists(other / "file"));
  table.refuse(7, false);
  CHECK(table.sent == std::vector<std::uint64_t>{7, 8});
}

TEST_CASE("an answer is not offered for ever") {
  Table table;
  const auto place = table.make_files(7);
  for (std::uint32_t i = 0; i < offers_max; ++i) {
    table.refuse(7, true);
    table.now += offer_again_after;
    table.offers.tick(table.now);
  }
  CHECK(table.sent.size() == offers_max);
  CHECK_FALSE(std::filesystem::exists(place));
}

TEST_CASE("only the newest answers are remembered, and files of forgotten ones stay") {
  Table table;
  const auto place = table.make_files(1);
  for (std::uint64_t lease = 2; lease <= 5; ++lease) table.offers.make({1, lease}, order_of(1), nullptr);
  table.refuse(1, false);
  CHECK(std::filesystem::exists(place / "file"));
  table.refuse(5, true);
  table.offers.tick(table.now + offer_again_after);
  CHECK(table.sent == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 5});
}

TEST_CASE("what waits to be offered again is removed when the worker stops") {
  Table table;
  const auto waiting = table.make_files(7);
  const auto sent = table.make_files(8);
  table.refuse(7, true);
  table.offers.give_up();
  CHECK_FALSE(std::filesystem::exists(waiting));
  CHECK(std::filesystem::exists(sent / "file"));
  CHECK_FALSE(table.offers.next_due());
}
