#include "workers/fulfillment/analysis/value.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <charconv>
#include <cmath>
#include <random>
#include <string>

using namespace circuit::analysis;

namespace {

double number(std::string_view cell) {
  const auto parsed = parse_number(cell);
  REQUIRE(parsed);
  return parsed->value;
}

constexpr std::int64_t day_us = 86'400'000'000;

}  // namespace

TEST_CASE("whole and decimal numbers are read, with sign and exponent") {
  CHECK(number("0") == 0);
  CHECK(number("-12") == -12);
  CHECK(number("+7") == 7);
  CHECK(number("0.5") == 0.5);
  CHECK(number(".5") == 0.5);
  CHECK(number("-.25") == -0.25);
  CHECK(number("3.") == 3);
  CHECK(number("1e3") == 1000);
  CHECK(number("-2.5E-2") == -0.025);
  CHECK(parse_number("5")->is_integer);
  CHECK_FALSE(parse_number("5.0")->is_integer);
}

TEST_CASE("what only looks like a number is not one") {
  for (const char* cell :
       {"", "-", "+", ".", "-.", "+-5", "--5", "1.2.3", "12 kg", "1,5", "0x10", "inf", "-inf", "nan", "1e", "e5", "١٢"})
    CHECK_FALSE(parse_number(cell));
}

TEST_CASE("codes with leading zeros are not numbers") {
  CHECK_FALSE(parse_number("007"));
  CHECK_FALSE(parse_number("-01"));
  CHECK_FALSE(parse_number("00.5"));
  CHECK(number("0.07") == 0.07);
}

TEST_CASE("a whole number that a double cannot hold exactly is not a number") {
  CHECK(number("9007199254740992") == 9007199254740992.0);
  CHECK(number("-9007199254740992") == -9007199254740992.0);
  CHECK_FALSE(parse_number("9007199254740993"));
  CHECK_FALSE(parse_number("18446744073709551617"));  // wraps around to 1 in 64 bits
}

TEST_CASE("a number beyond the range of a double is not a number") {
  CHECK(number("1e308") == 1e308);
  CHECK_FALSE(parse_number("1e400"));
  CHECK_FALSE(parse_number("-1e400"));
}

TEST_CASE("zero has one sign") {
  CHECK_FALSE(std::signbit(number("-0")));
  CHECK_FALSE(std::signbit(number("-0.0")));
}

TEST_CASE("the fast way to read decimals gives the same double as from_chars") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::string digits = std::to_string(random() % 999'999'999'999'999'999u + 1);
    const std::size_t point = 1 + random() % digits.size();
    const std::string text = fmt::format("{}.{}", digits.substr(0, point), digits.substr(point));
    double expected = 0;
    std::from_chars(text.data(), text.data() + text.size(), expected);
    if (number(text) != expected) FAIL(text);
  }
}

TEST_CASE("None is a value, NA is missing") {
  for (const char* cell : {"", "-", "NA", "N/A", "NaN", "null", "NULL"}) CHECK(is_missing(cell));
  for (const char* cell : {"None", "none", "0", "Na", "--", "Nope", "unknown"}) CHECK_FALSE(is_missing(cell));
}

TEST_CASE("truth values are read in any case") {
  CHECK(parse_truth("TRUE") == Truth::true_or_false);
  CHECK(parse_truth("False") == Truth::true_or_false);
  CHECK(parse_truth("yes") == Truth::yes_or_no);
  CHECK(parse_truth("nO") == Truth::yes_or_no);
  CHECK(parse_truth("y") == Truth::neither);
  CHECK(parse_truth("1") == Truth::neither);
}

TEST_CASE("three unambiguous ways to write a day mean the same") {
  CHECK(parse_date("1970-01-02") == day_us);
  CHECK(parse_date("1970/01/02") == day_us);
  CHECK(parse_date("02.01.1970") == day_us);
  CHECK(parse_date("1969-12-31") == -day_us);
}

TEST_CASE("a time, a fraction and an offset move the moment") {
  CHECK(parse_date("1970-01-01T00:00:01.5") == 1'500'000);
  CHECK(parse_date("1970-01-01 01:00") == 3'600'000'000);
  CHECK(parse_date("1970-01-01T02:00:00+02:00") == 0);
  CHECK(parse_date("1970-01-01T00:00:00-0130") == 5'400'000'000);
  CHECK(parse_date("1970-01-01T00:00:00.0000019Z") == 1);
}

TEST_CASE("days that are not in the calendar are not dates") {
  CHECK(parse_date("2020-02-29"));
  CHECK_FALSE(parse_date("2021-02-29"));
  CHECK_FALSE(parse_date("1900-02-29"));
  CHECK_FALSE(parse_date("2020-13-01"));
  CHECK_FALSE(parse_date("2020-00-10"));
  CHECK_FALSE(parse_date("2020-04-31"));
}

TEST_CASE("what does not say which is the day is not a date") {
  for (const char* cell : {"03/04/2020", "2020-1-1", "20200101", "2020-01-01x", "2020-01-01T", "2020-01-01T25:00",
                           "2020-01-01T10", "2020/01-01", "2020-01-01T10:00+", "2020-01-01T10:00:00."})
    CHECK_FALSE(parse_date(cell));
}
