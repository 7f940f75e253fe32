#include <catch2/catch.hpp>

#include <cstdint>
#include <limits>
#include <stdexcept>

#include "schema/order_id_generator.hpp"
#include "tests/unit/schema/hex_uuid.hpp"

using namespace circuit::schema;

namespace {

constexpr std::int64_t now_us = 1'767'323'045'000'006;
constexpr std::int64_t now_ms = now_us / 1000;
constexpr std::uint64_t all_ones = std::numeric_limits<std::uint64_t>::max();

}  // namespace

TEST_CASE("an order id is version 7 with the clock's millisecond", "[schema][order_id_generator]") {
  for (const std::uint64_t random_bits : {std::uint64_t{0}, all_ones}) {
    OrderIdGenerator generator(nil_uuid);
    const Uuid id = generator.next(now_us, random_bits);
    CHECK(id.bytes[6] >> 4 == 7);
    CHECK(id.bytes[8] >> 6 == 2);
    CHECK(uuid_time_ms(id) == now_ms);
  }
}

TEST_CASE("62 random bits reach the id", "[schema][order_id_generator]") {
  OrderIdGenerator generator(nil_uuid);
  CHECK(generator.next(0, all_ones) == hex_uuid("00000000-0000-7001-bfff-ffffffffffff"));
  CHECK(generator.next(0, 0) == hex_uuid("00000000-0000-7002-8000-000000000000"));
  CHECK(generator.next(0, 0x0123456789abcdef) == hex_uuid("00000000-0000-7003-8123-456789abcdef"));
}

TEST_CASE("ids rise within a millisecond although their random bits fall", "[schema][order_id_generator]") {
  OrderIdGenerator generator(nil_uuid);
  Uuid last = generator.next(now_us, all_ones);
  for (std::uint64_t i = 1; i <= 4095; ++i) {
    const Uuid id = generator.next(now_us, all_ones - i);
    REQUIRE(id > last);
    REQUIRE(uuid_time_ms(id) == now_ms);
    last = id;
  }
}

TEST_CASE("a full counter moves on to the next millisecond", "[schema][order_id_generator]") {
  OrderIdGenerator generator(nil_uuid);
  for (int i = 0; i < 4096; ++i) CHECK(uuid_time_ms(generator.next(now_us, 0)) == now_ms);
  const Uuid over = generator.next(now_us, 0);
  CHECK(uuid_time_ms(over) == now_ms + 1);
  // The clock arrives at the millisecond that is already in use.
  CHECK(generator.next(now_us + 1000, 0) > over);
}

TEST_CASE("ids rise when the clock steps back", "[schema][order_id_generator]") {
  OrderIdGenerator generator(nil_uuid);
  Uuid last = generator.next(now_us, all_ones);
  for (const std::int64_t us : {now_us - 1, now_us - 1000, now_us - 3'600'000'000, std::int64_t{0}, std::int64_t{-1},
                                std::numeric_limits<std::int64_t>::min()}) {
    const Uuid id = generator.next(us, 0);
    CHECK(id > last);
    CHECK(uuid_time_ms(id) == now_ms);
    last = id;
  }
  CHECK(uuid_time_ms(generator.next(now_us + 1000, 0)) == now_ms + 1);
}

TEST_CASE("a restart goes on above the last issued id, whatever the clock says", "[schema][order_id_generator]") {
  OrderIdGenerator before(nil_uuid);
  for (int i = 0; i < 300; ++i) (void)before.next(now_us, 0);
  const Uuid last = before.next(now_us, all_ones);
  for (const std::int64_t us : {now_us, now_us - 3'600'000'000, now_us + 1000}) {
    OrderIdGenerator after(last);
    CHECK(after.next(us, 0) > last);
  }
}

TEST_CASE("a restart after a full counter moves on to the next millisecond", "[schema][order_id_generator]") {
  OrderIdGenerator generator(hex_uuid("00000000-0001-7fff-bfff-ffffffffffff"));
  CHECK(generator.next(0, 0) == hex_uuid("00000000-0002-7000-8000-000000000000"));
}

TEST_CASE("an id of another version is no starting point", "[schema][order_id_generator]") {
  CHECK_THROWS_AS(OrderIdGenerator(hex_uuid("f47ac10b-58cc-4372-a567-0e02b2c3d479")), std::invalid_argument);
  CHECK_THROWS_AS(OrderIdGenerator(hex_uuid("ffffffff-ffff-ffff-ffff-ffffffffffff")), std::invalid_argument);
}

TEST_CASE("a clock past 48 bits of ms stays at the last one, and its ids run out", "[schema][order_id_generator]") {
  OrderIdGenerator generator(hex_uuid("ffffffff-ffff-7ffe-8000-000000000000"));
  CHECK(generator.next(std::numeric_limits<std::int64_t>::max(), 0) ==
        hex_uuid("ffffffff-ffff-7fff-8000-000000000000"));
  CHECK_THROWS_AS(generator.next(0, 0), std::overflow_error);
}
