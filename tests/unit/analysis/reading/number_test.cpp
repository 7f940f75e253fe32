#include "workers/fulfillment/analysis/reading/number.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <random>
#include <string>

using namespace circuit::analysis;

namespace {

double plain(std::string_view cell, char mark = decimal_point) {
  INFO(cell);
  const Number number = read_plain_number(cell, mark);
  REQUIRE(number.is_number());
  return number.value;
}

double dressed(std::string_view cell, char mark = decimal_point) {
  INFO(cell);
  const Number number = read_number(cell, mark);
  REQUIRE(number.is_number());
  return number.value;
}

bool is_number(std::string_view cell, char mark = decimal_point) { return read_number(cell, mark).is_number(); }
NumberKind kind(std::string_view cell, char mark = decimal_point) { return read_number(cell, mark).kind; }

// The three ways to read a plain number must say the same.
void check_all_ways(const std::string& text, double expected) {
  INFO(text);
  REQUIRE(plain(text) == expected);
  REQUIRE(std::signbit(plain(text)) == (expected != 0 && std::signbit(expected)));
  double value = 0;
  bool is_fraction = false;
  if (read_short_number(text, decimal_point, value, is_fraction)) REQUIRE(value == expected);
  std::string with_comma = text;
  for (char& c : with_comma)
    if (c == '.') c = ',';
  REQUIRE(plain(with_comma, decimal_comma) == expected);
  REQUIRE(dressed(text) == expected);
}

}  // namespace

TEST_CASE("whole and decimal numbers are read, with sign and exponent") {
  CHECK(plain("0") == 0);
  CHECK(plain("-12") == -12);
  CHECK(plain("+7") == 7);
  CHECK(plain("0.5") == 0.5);
  CHECK(plain(".5") == 0.5);
  CHECK(plain("-.25") == -0.25);
  CHECK(plain("5.") == 5);
  CHECK(plain("1e5") == 100'000);
  CHECK(plain("1E+3") == 1000);
  CHECK(plain("-2.5E-2") == -0.025);
  CHECK(plain("1,5", decimal_comma) == 1.5);
  CHECK(plain("1,5e3", decimal_comma) == 1500);
}

TEST_CASE("a number is whole only if it is written without a mark and an exponent") {
  CHECK(kind("5") == NumberKind::whole);
  CHECK(kind("-5") == NumberKind::whole);
  CHECK(kind("1,234") == NumberKind::whole);
  CHECK(kind("5.0") == NumberKind::fraction);
  CHECK(kind("5.") == NumberKind::fraction);
  CHECK(kind("1e5") == NumberKind::fraction);
}

TEST_CASE("what only looks like a number is not one") {
  for (const char* cell :
       {"",      "-",    "+",     ".",     "-.",  "+-5",  "-+5",  "--5",   "5--", "+5-", "1-2",  "1.2.3",
        "12 kg", "0x10", "inf",   "-inf",  "nan", "1e",   "e5",   "1e5.3", ".e5", "5 5", "1e-",  "5%%",
        "$$5",   "$5%",  "(5",    "5)",    "()",  "(-5)", "-(5)", "%",     "$",   "$-",  "1 %2", "#5",
        "5th",   "1/2",  "10:30", "1_000", "١٢",  "٫5",   "５",   "1'2'3", "E",   "US$", "- -5", "5e5e5"}) {
    INFO(cell);
    CHECK_FALSE(is_number(cell, decimal_point));
    CHECK_FALSE(is_number(cell, decimal_comma));
  }
}

TEST_CASE("codes with leading zeros are not numbers") {
  for (const char* cell : {"007", "-01", "00.5", "00", "00501"}) {
    INFO(cell);
    CHECK(kind(cell) == NumberKind::leading_zero);
  }
  CHECK(plain("0.07") == 0.07);
  CHECK(plain("-0.07") == -0.07);
}

TEST_CASE("a whole number that a double cannot hold exactly is not a number") {
  CHECK(plain("9007199254740992") == 9007199254740992.0);
  CHECK(plain("-9007199254740992") == -9007199254740992.0);
  CHECK(kind("9007199254740993") == NumberKind::too_large);
  CHECK(kind("18446744073709551617") == NumberKind::too_large);  // wraps around to 1 in 64 bits
  CHECK(kind("9,007,199,254,740,993") == NumberKind::too_large);
  CHECK(kind(std::string(400, '9')) == NumberKind::too_large);
  CHECK(kind(std::string(401, '9')) == NumberKind::none);
}

TEST_CASE("a number beyond the range of a double is not a number") {
  CHECK(plain("1e308") == 1e308);
  CHECK(plain("4.9406564584124654e-324") == 4.9406564584124654e-324);
  CHECK_FALSE(is_number("1e309"));
  CHECK_FALSE(is_number("-1e400"));
  CHECK_FALSE(is_number("1e-400"));
}

TEST_CASE("zero has one sign") {
  for (const char* cell : {"-0", "-0.0", "-0e5", "(0)", "0-", "-$0", "−0"}) {
    INFO(cell);
    CHECK(dressed(cell) == 0);
    CHECK_FALSE(std::signbit(dressed(cell)));
  }
}

TEST_CASE("decimals are read to the nearest double, as strtod does") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200'000; ++i) {
    const std::string digits = std::to_string(random() >> (random() % 64));
    if (digits[0] == '0') continue;
    const std::size_t point = 1 + random() % digits.size();
    std::string text = (random() % 2 == 0 ? "-" : "") + digits.substr(0, point) + "." + digits.substr(point);
    if (random() % 4 == 0) text += fmt::format("e{}", static_cast<int>(random() % 600) - 300);
    const double expected = std::strtod(text.c_str(), nullptr);
    if (!std::isfinite(expected) || std::fabs(expected) < 1e-300) continue;
    check_all_ways(text, expected);
  }
}

TEST_CASE("small decimals, the most frequent kind, are read to the nearest double") {
  for (int whole = 0; whole < 100; ++whole)
    for (int fraction = 0; fraction < 1000; ++fraction) {
      const std::string text = fmt::format("{}.{:03}", whole, fraction);
      REQUIRE(plain(text) == std::strtod(text.c_str(), nullptr));
    }
}

TEST_CASE("halfway cases and long decimals are read to the nearest double") {
  for (const char* text : {"9007199254740993.0", "0.1000000000000000055511151231257827", "1.7976931348623157e308",
                           "2.2250738585072011e-308", "0.000000000000000000000001234", "123456789012345678901234.5",
                           "1.00000000000000011102230246251565404236316680908203125", "8.98846567431158053656668e307",
                           "9007199254740991.4999999999999999999999"})
    check_all_ways(text, std::strtod(text, nullptr));
}

TEST_CASE("short numbers are read as all others, or left to the other way") {
  double value = 0;
  bool is_fraction = true;
  REQUIRE(read_short_number("-12", decimal_point, value, is_fraction));
  CHECK(value == -12);
  CHECK_FALSE(is_fraction);
  REQUIRE(read_short_number("5.", decimal_point, value, is_fraction));
  CHECK(value == 5);
  CHECK(is_fraction);
  REQUIRE(read_short_number("9007199254740992", decimal_point, value, is_fraction));
  CHECK(value == 9007199254740992.0);
  for (const char* cell : {"", "-", ".", "-.", "+5", ".5", "007", "-01", "00.5", "9007199254740993", "1e5", "1,5", " 5",
                           "5 ", "12345678901234567", "--5", "1.2.3", "5-"}) {
    INFO(cell);
    CHECK_FALSE(read_short_number(cell, decimal_point, value, is_fraction));
  }
  REQUIRE(read_short_number("1,5", decimal_comma, value, is_fraction));
  CHECK(value == 1.5);
}

TEST_CASE("random bytes are read alike by the short and the plain way") {
  std::mt19937 random(3);
  const std::string_view letters = "0123456789.,-+e";
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    for (std::size_t size = random() % 18; text.size() < size;) text += letters[random() % letters.size()];
    for (const char mark : {decimal_point, decimal_comma}) {
      double value = 0;
      bool is_fraction = false;
      if (!read_short_number(text, mark, value, is_fraction)) continue;
      const Number number = read_plain_number(text, mark);
      INFO(text);
      REQUIRE(number.value == value);
      REQUIRE(number.kind == (is_fraction ? NumberKind::fraction : NumberKind::whole));
    }
  }
}

TEST_CASE("thousands are separated by the other mark, spaces of all kinds and apostrophes") {
  for (const char* cell : {"1,234,567", "1 234 567", "1\u00A0234\u00A0567", "1\u2009234\u2009567",
                           "1\u202F234\u202F567", "1'234'567", "1’234’567"}) {
    INFO(cell);
    CHECK(dressed(cell) == 1'234'567);
  }
  CHECK(dressed("1.234.567", decimal_comma) == 1'234'567);
  CHECK(dressed("1 234,5", decimal_comma) == 1234.5);
  CHECK(dressed("-1,234.5") == -1234.5);
  CHECK(dressed("1.234.567,25", decimal_comma) == 1'234'567.25);
}

TEST_CASE("1,234 and 1.234 say what the mark makes of them") {
  CHECK(dressed("1,234", decimal_point) == 1234);
  CHECK(dressed("1,234", decimal_comma) == 1.234);
  CHECK(dressed("1.234", decimal_point) == 1.234);
  CHECK(dressed("1.234", decimal_comma) == 1234);
}

TEST_CASE("groups that are not of three digits are no thousands") {
  for (const char* cell : {"12,34,567", "1,23", "1,2345", "1234,567", ",123", "1,,234", "1,234,", "1,234 567",
                           "1,234.5.6", "1,234e5", "1 23 456", "0,123", "0,000", "00,123"}) {
    INFO(cell);
    CHECK(kind(cell, decimal_point) == NumberKind::none);
  }
}

TEST_CASE("currencies stand in front or behind, with a space or without") {
  const std::pair<const char*, const char*> amounts[] = {
      {"$1,234.50", "$"},      {"1,234.50 $", "$"},     {"€1,234.50", "€"},      {"1,234.50€", "€"},
      {"£ 1,234.50", "£"},     {"USD 1,234.50", "USD"}, {"1,234.50 EUR", "EUR"}, {"US$1,234.50", "US$"},
      {"1,234.50 US$", "US$"}, {"R$ 1,234.50", "R$"},   {"1,234.50 R$", "R$"},   {"1,234.50\u00A0kr", "kr"},
      {"+$1,234.50", "$"}};
  for (const auto& [cell, unit] : amounts) {
    INFO(cell);
    CHECK(dressed(cell) == 1234.5);
    CHECK(read_number(cell, decimal_point).unit == unit);
  }
  CHECK(dressed("1.234,50 €", decimal_comma) == 1234.5);
}

TEST_CASE("percent is a unit") {
  CHECK(dressed("41.5%") == 41.5);
  CHECK(dressed("41,5 %", decimal_comma) == 41.5);
  CHECK(read_number("-3%", decimal_point).value == -3);
  CHECK(read_number("3%", decimal_point).unit == "%");
  CHECK(read_number("3", decimal_point).unit.empty());
}

TEST_CASE("negative amounts have a sign on either side, a true minus, or brackets") {
  for (const char* cell : {"-1,234", "1,234-", "−1,234", "(1,234)", "-$1,234", "$-1,234", "$(1,234)", "($1,234)",
                           "1,234- $", "$ -1,234", "- 1,234", "(1,234) €", "−€1,234", "( 1,234 )"}) {
    INFO(cell);
    CHECK(dressed(cell) == -1234);
  }
  CHECK(dressed("(500)") == -500);
  CHECK(dressed("(5%)") == -5);
}

TEST_CASE("letters behind a number are its unit") {
  CHECK(unit_behind_number("12 kg") == "kg");
  CHECK(unit_behind_number("3.5km/h") == "km/h");
  CHECK(unit_behind_number("-4 °C") == "°C");
  for (const char* cell : {"12", "kg", "12 - 14", "5)", "12, 13", "A12 kg", "12 kilograms of sugar", ""})
    CHECK(unit_behind_number(cell).empty());
}
