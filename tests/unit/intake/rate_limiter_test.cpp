#include <catch2/catch.hpp>

#include "broker/intake/rate_limiter.hpp"

using circuit::intake::RateLimiter;

constexpr std::int64_t minute = 60'000'000;

TEST_CASE("ten are taken at once, the eleventh waits for a tenth of a minute") {
  RateLimiter limiter(10, 100);
  for (int i = 0; i < 10; ++i) REQUIRE(limiter.take("a", 1'000) == 0);
  REQUIRE(limiter.take("a", 1'000) == minute / 10);
  REQUIRE(limiter.take("a", 1'000 + minute / 10) == 0);
  REQUIRE(limiter.take("a", 1'000 + minute / 10) > 0);
}
TEST_CASE("a refused take spends nothing") {
  RateLimiter limiter(1, 100);
  REQUIRE(limiter.take("a", 0) == 0);
  for (int i = 0; i < 50; ++i) REQUIRE(limiter.take("a", 10) == minute - 10);
  REQUIRE(limiter.take("a", minute) == 0);
}
TEST_CASE("one key's orders are not another's") {
  RateLimiter limiter(1, 100);
  REQUIRE(limiter.take("a", 0) == 0);
  REQUIRE(limiter.take("b", 0) == 0);
  REQUIRE(limiter.take("a", 0) > 0);
}
TEST_CASE("a token that is given back can be taken again") {
  RateLimiter limiter(1, 100);
  REQUIRE(limiter.take("a", 0) == 0);
  limiter.give_back("a");
  REQUIRE(limiter.take("a", 0) == 0);
}
TEST_CASE("memory is bounded by the number of keys, and full buckets go first") {
  RateLimiter limiter(10, 100);
  for (int i = 0; i < 10; ++i) (void)limiter.take("busy", 0);
  for (int i = 0; i < 10'000; ++i) (void)limiter.take(std::to_string(i), 0);
  REQUIRE(limiter.size() <= 100);
  REQUIRE(limiter.take("busy", 0) > 0);
}
TEST_CASE("no limit is no limit") {
  RateLimiter limiter(0, 1);
  for (int i = 0; i < 1000; ++i) REQUIRE(limiter.take("a", 0) == 0);
}
