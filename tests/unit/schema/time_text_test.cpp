#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>

#include "schema/time_text.hpp"

using namespace circuit::schema;

namespace {

// What the C library says, to the second: an implementation that is not ours.
std::string library_text(std::int64_t seconds, std::int64_t us) {
  const std::time_t time = seconds;
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr) FAIL("the C library cannot tell " << seconds);
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", parts.tm_year + 1900, parts.tm_mon + 1,
                parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>(us));
  return text.data();
}

}  // namespace

TEST_CASE("a time is written in RFC 3339 with microseconds", "[schema][time_text]") {
  CHECK(time_text(1'767'323'045'000'006) == "2026-01-02T03:04:05.000006Z");
  CHECK(time_text(0) == "1970-01-01T00:00:00.000000Z");
  CHECK(time_text(-1) == "1969-12-31T23:59:59.999999Z");
  CHECK(time_text(951'782'400'000'000) == "2000-02-29T00:00:00.000000Z");
  CHECK(time_text(time_text_us_min) == "0000-01-01T00:00:00.000000Z");
  CHECK(time_text(time_text_us_max) == "9999-12-31T23:59:59.999999Z");
}

TEST_CASE("every day of ten thousand years is the one of the C library, and reads back", "[schema][time_text]") {
  std::string last;
  for (std::int64_t day = time_text_us_min / 86'400'000'000; day <= time_text_us_max / 86'400'000'000; ++day) {
    // Another time of day each day: a prime number of seconds that walks through all of them.
    const std::int64_t second = (day + 800'000) * 7919 % 86'400;
    const std::int64_t us = (day + 800'000) * 104'729 % 1'000'000;
    const std::int64_t time_us = (day * 86'400 + second) * 1'000'000 + us;
    const std::string text = time_text(time_us);
    if (text != library_text(day * 86'400 + second, us)) FAIL(text << " for " << time_us);
    if (parse_time_text(text) != time_us) FAIL(text << " does not read back as " << time_us);
    if (text <= last) FAIL(text << " sorts before " << last);
    last = text;
  }
}

TEST_CASE("a time outside the years 0000 to 9999 has no text", "[schema][time_text]") {
  CHECK_THROWS_AS(time_text(time_text_us_min - 1), std::out_of_range);
  CHECK_THROWS_AS(time_text(time_text_us_max + 1), std::out_of_range);
  CHECK_THROWS_AS(time_text(std::numeric_limits<std::int64_t>::min()), std::out_of_range);
  CHECK_THROWS_AS(time_text(std::numeric_limits<std::int64_t>::max()), std::out_of_range);
}

TEST_CASE("a time is written into a buffer without a terminating zero", "[schema][time_text]") {
  std::array<char, 28> buffer;
  buffer.fill('#');
  write_time_text(0, std::span(buffer).first<time_text_bytes>());
  CHECK(std::string(buffer.data(), buffer.size()) == "1970-01-01T00:00:00.000000Z#");
}

TEST_CASE("the ends of the range read back", "[schema][time_text]") {
  CHECK(parse_time_text("0000-01-01T00:00:00.000000Z") == time_text_us_min);
  CHECK(parse_time_text("9999-12-31T23:59:59.999999Z") == time_text_us_max);
}

TEST_CASE("a date that the calendar lacks is refused", "[schema][time_text]") {
  for (const char* text : {"2025-02-29T00:00:00.000000Z", "1900-02-29T00:00:00.000000Z", "2024-02-30T00:00:00.000000Z",
                           "2024-04-31T00:00:00.000000Z", "2024-12-32T00:00:00.000000Z", "2024-00-01T00:00:00.000000Z",
                           "2024-13-01T00:00:00.000000Z", "2024-01-00T00:00:00.000000Z", "2024-01-01T24:00:00.000000Z",
                           "2024-01-01T00:60:00.000000Z", "2016-12-31T23:59:60.000000Z"}) {
    INFO(text);
    CHECK_FALSE(parse_time_text(text));
  }
  CHECK(parse_time_text("2000-02-29T00:00:00.000000Z"));
  CHECK(parse_time_text("2024-02-29T00:00:00.000000Z"));
}

TEST_CASE("a time in any other notation is refused", "[schema][time_text]") {
  for (const char* text :
       {"", "2026-01-02", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.006Z", "2026-01-02T03:04:05.0000060Z",
        "2026-01-02T03:04:05.000006", "2026-01-02t03:04:05.000006Z", "2026-01-02T03:04:05.000006z",
        "2026-01-02 03:04:05.000006Z", "2026-01-02T03:04:05,000006Z", "2026-01-02T03:04:05.000006+00:00",
        " 026-01-02T03:04:05.000006Z", "+026-01-02T03:04:05.000006Z", "2026-01-02T03:04:05.000006Z\n",
        "2026-01-02T03:04:05.00000 Z", "2026-01-02T03:04:05.00000aZ", "2026/01/02T03:04:05.000006Z"}) {
    INFO(text);
    CHECK_FALSE(parse_time_text(text));
  }
}
