#include <catch2/catch.hpp>

#include <cstdint>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>

#include "schema/money.hpp"

using namespace circuit::schema;

namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

Currency currency(std::string_view code) {
  const auto parsed = parse_currency(code);
  REQUIRE(parsed);
  return *parsed;
}

std::string formatted(std::int64_t amount_minor, std::string_view code) {
  return format_money({amount_minor, currency(code)});
}

}  // namespace

TEST_CASE("a currency knows the digits of its minor unit", "[schema][money]") {
  for (const char* code : {"USD", "EUR", "GBP", "CHF", "CNY", "INR", "AED", "ZWG", "XCG", "MGA", "MRU"}) {
    INFO(code);
    CHECK(exponent(currency(code)) == 2);
  }
  for (const char* code : {"JPY", "KRW", "VND", "ISK", "CLP", "BIF", "XPF", "UYI"}) {
    INFO(code);
    CHECK(exponent(currency(code)) == 0);
  }
  for (const char* code : {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}) {
    INFO(code);
    CHECK(exponent(currency(code)) == 3);
  }
  for (const char* code : {"CLF", "UYW"}) {
    INFO(code);
    CHECK(exponent(currency(code)) == 4);
  }
}

TEST_CASE("what is not the code of a live currency is refused", "[schema][money]") {
  const std::string zeros(3, '\0');
  for (const std::string& code :
       {std::string(), std::string("US"), std::string("USDX"), std::string("usd"), std::string("Usd"),
        std::string("U D"), std::string("AAA"), std::string("ZZZ"), std::string("U$D"), std::string("MF["),
        std::string("US@"), std::string("\xff\xff\xff"), zeros, std::string("BTC")}) {
    INFO(code);
    CHECK_FALSE(parse_currency(code));
  }
  for (const char* withdrawn : {"DEM", "HRK", "BGN", "ANG", "CUC", "SLL", "ZWL", "VEF", "MRO"}) {
    INFO(withdrawn);
    CHECK_FALSE(parse_currency(withdrawn));
  }
  for (const char* no_minor_unit : {"XAU", "XAG", "XPT", "XPD", "XDR", "XTS", "XXX", "XBA", "XSU", "XUA"}) {
    INFO(no_minor_unit);
    CHECK_FALSE(parse_currency(no_minor_unit));
  }
}

TEST_CASE("an unlisted currency has no exponent", "[schema][money]") {
  CHECK_THROWS_AS(exponent(Currency{}), std::invalid_argument);
  CHECK_THROWS_AS(format_money({1, Currency{{'x', 'y', 'z'}}}), std::invalid_argument);
}

TEST_CASE("currencies compare and hash by their letters", "[schema][money]") {
  const std::hash<Currency> hash;
  CHECK(currency("EUR") == currency("EUR"));
  CHECK(currency("EUR") < currency("USD"));
  CHECK(hash(currency("EUR")) == hash(currency("EUR")));
  CHECK(hash(currency("SEK")) != hash(currency("KES")));
  const Currency yen = currency("JPY");
  CHECK(yen.text() == "JPY");
}

TEST_CASE("money is written with the digits of its currency", "[schema][money]") {
  CHECK(formatted(5000, "USD") == "50.00 USD");
  CHECK(formatted(0, "USD") == "0.00 USD");
  CHECK(formatted(5, "USD") == "0.05 USD");
  CHECK(formatted(50, "USD") == "0.50 USD");
  CHECK(formatted(100, "USD") == "1.00 USD");
  CHECK(formatted(500, "JPY") == "500 JPY");
  CHECK(formatted(0, "JPY") == "0 JPY");
  CHECK(formatted(5, "BHD") == "0.005 BHD");
  CHECK(formatted(12345, "BHD") == "12.345 BHD");
  CHECK(formatted(1, "CLF") == "0.0001 CLF");
}

TEST_CASE("negative and huge amounts are written right", "[schema][money]") {
  CHECK(formatted(-5, "USD") == "-0.05 USD");
  CHECK(formatted(-5000, "USD") == "-50.00 USD");
  CHECK(formatted(-7, "JPY") == "-7 JPY");
  CHECK(formatted(greatest, "USD") == "92233720368547758.07 USD");
  CHECK(formatted(least, "USD") == "-92233720368547758.08 USD");
  CHECK(formatted(least, "JPY") == "-9223372036854775808 JPY");
}

TEST_CASE("a sum that does not fit is refused", "[schema][money]") {
  const Currency usd = currency("USD");
  CHECK(checked_add({2, usd}, {3, usd}) == Money{5, usd});
  CHECK(checked_add({greatest, usd}, {least, usd}) == Money{-1, usd});
  CHECK(checked_add({greatest - 1, usd}, {1, usd}) == Money{greatest, usd});
  CHECK_FALSE(checked_add({greatest, usd}, {1, usd}));
  CHECK_FALSE(checked_add({least, usd}, {-1, usd}));
}

TEST_CASE("amounts of two currencies do not add up", "[schema][money]") {
  CHECK_FALSE(checked_add({1, currency("USD")}, {1, currency("EUR")}));
}

TEST_CASE("an order costs from 1 to 10^12 minor units", "[schema][money]") {
  CHECK(is_order_amount(1));
  CHECK(is_order_amount(1'000'000'000'000));
  CHECK_FALSE(is_order_amount(0));
  CHECK_FALSE(is_order_amount(-1));
  CHECK_FALSE(is_order_amount(1'000'000'000'001));
  CHECK_FALSE(is_order_amount(least));
}
