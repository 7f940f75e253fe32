#include "broker/relay/in_flight.hpp"

#include <catch2/catch.hpp>

using circuit::relay::InFlight;

TEST_CASE("requests under way are counted for each upstream, and an answer makes room") {
  InFlight in_flight({.messages_max = 2, .bytes_max = 1'000, .patience_us = 1'000'000});
  CHECK(in_flight.add("a", 1, 0));
  CHECK(in_flight.add("a", 1, 0));
  CHECK_FALSE(in_flight.add("a", 1, 0));
  CHECK(in_flight.add("b", 1, 0));
  in_flight.settle("a");
  CHECK(in_flight.add("a", 1, 0));
  CHECK(in_flight.bytes() == 3);
}

TEST_CASE("bytes under way are bounded for all together, but a single message always goes") {
  InFlight in_flight({.messages_max = 100, .bytes_max = 10, .patience_us = 1'000'000});
  CHECK(in_flight.add("a", 50, 0));
  CHECK_FALSE(in_flight.add("b", 1, 0));
  in_flight.settle("a");
  CHECK(in_flight.bytes() == 0);
  CHECK(in_flight.add("b", 10, 0));
  CHECK_FALSE(in_flight.add("a", 1, 0));
}

TEST_CASE("an answer that never comes is given up, and one too many changes nothing") {
  InFlight in_flight({.messages_max = 1, .bytes_max = 10, .patience_us = 5'000'000});
  CHECK(in_flight.add("a", 10, 0));
  CHECK_FALSE(in_flight.add("a", 1, 4'999'999));
  CHECK(in_flight.add("a", 1, 6'000'000));
  CHECK(in_flight.bytes() == 1);
  in_flight.settle("a");
  in_flight.settle("a");
  in_flight.settle("nobody");
  CHECK(in_flight.bytes() == 0);
  CHECK(in_flight.upstreams() == 0);
}
