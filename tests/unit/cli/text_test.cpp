#include "ops/cli/text.hpp"

#include <catch2/catch.hpp>

#include "ops/cli/terminal.hpp"

using namespace circuit::cli;

TEST_CASE("durations are short at every size") {
  CHECK(duration_text(0) == "0 µs");
  CHECK(duration_text(850) == "850 µs");
  CHECK(duration_text(12'345) == "12.3 ms");
  CHECK(duration_text(123'456) == "123 ms");
  CHECK(duration_text(1'240'000) == "1.24 s");
  CHECK(duration_text(200'000'000) == "3 min 20 s");
  CHECK(duration_text(7'500'000'000) == "2 h 5 min");
  CHECK(duration_text(273'600'000'000) == "3 d 4 h");
  CHECK(duration_text(-5'000) == "-5.0 ms");
}

TEST_CASE("a moment is RFC 3339 and says how far away it is") {
  CHECK(moment_text(0, 5) == "-");
  CHECK(moment_text(1'000'000, 4'000'000) == "1970-01-01T00:00:01.000000Z (3.00 s ago)");
  CHECK(moment_text(4'000'000, 1'000'000) == "1970-01-01T00:00:04.000000Z (in 3.00 s)");
}

TEST_CASE("an amount has the digits of its currency, and an unknown currency is no error") {
  CHECK(money_text(5'000, "USD") == "50.00 USD");
  CHECK(money_text(500, "JPY") == "500 JPY");
  CHECK(money_text(7, "???") == "7 minor units of ???");
  CHECK(money_text(Json{{"amount", 5'000}, {"currency", "USD"}}) == "50.00 USD");
}

TEST_CASE("rates and sizes") {
  CHECK(percent_text(1) == "100.0 %");
  CHECK(percent_text(2.0 / 3) == "66.7 %");
  CHECK(bytes_text(999) == "999 B");
  CHECK(bytes_text(48'219) == "48.2 kB");
}

TEST_CASE("what a reply lacks, or holds as null, reads as nothing") {
  const Json json = {{"at", nullptr}, {"n", 7}, {"s", "x"}};
  CHECK(integer_of(json, "at") == 0);
  CHECK(integer_of(json, "missing") == 0);
  CHECK(integer_of(json, "n") == 7);
  CHECK(string_of(json, "s") == "x");
  CHECK(string_of(json, "n").empty());
}

TEST_CASE("a progress bar never overflows") {
  CHECK(bar_text(0, 10) == "[..............................]   0 %");
  CHECK(bar_text(5, 10) == "[###############...............]  50 %");
  CHECK(bar_text(11, 10) == "[##############################] 100 %");
}
