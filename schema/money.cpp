#include "schema/money.hpp"

#include <algorithm>
#include <stdexcept>

namespace circuit::schema {
namespace {

// ISO 4217 list one as of 2026-01-01 (amendments up to 180), by the digits of the minor unit.
struct Digits {
  std::int8_t exponent;
  std::string_view codes;
};
constexpr Digits list_one[] = {
    {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF "},
    {2,
     "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD "
     "CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
     "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD "
     "LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB "
     "PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP "
     "SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW "
     "ZWG "},
    {3, "BHD IQD JOD KWD LYD OMR TND "},
    {4, "CLF UYW "},
};

constexpr std::int8_t unlisted = -1;
constexpr std::size_t place_count = 26 * 26 * 26;

// Where three letters stand in the table; place_count if they are not three of A to Z.
constexpr std::size_t place_of(std::string_view code) noexcept {
  if (code.size() != 3) return place_count;
  std::size_t place = 0;
  for (const char letter : code) {
    if (letter < 'A' || letter > 'Z') return place_count;
    place = place * 26 + static_cast<std::size_t>(letter - 'A');
  }
  return place;
}

// One byte for each thinkable code, so that a look-up is one read; the last place answers for
// everything that is no code.
constexpr std::array<std::int8_t, place_count + 1> exponents = [] {
  std::array<std::int8_t, place_count + 1> table{};
  table.fill(unlisted);
  for (const Digits& digits : list_one) {
    for (std::size_t at = 0; at < digits.codes.size(); at += 4) {
      table[place_of(digits.codes.substr(at, 3))] = digits.exponent;
    }
  }
  return table;
}();
static_assert(exponents[place_count] == unlisted, "every listed code is three capital letters");
static_assert(place_count + 1 - static_cast<std::size_t>(std::ranges::count(exponents, unlisted)) == 165,
              "178 active codes, of which 13 have no minor unit");

}  // namespace

std::optional<Currency> parse_currency(std::string_view code) noexcept {
  if (exponents[place_of(code)] == unlisted) return std::nullopt;
  return Currency{{code[0], code[1], code[2]}};
}

int exponent(Currency currency) {
  const std::int8_t digits = exponents[place_of(currency.text())];
  if (digits == unlisted) throw std::invalid_argument("not an ISO 4217 currency with a minor unit");
  return digits;
}

std::string format_money(const Money& money) {
  const auto decimals = static_cast<std::size_t>(exponent(money.currency));
  const bool negative = money.amount_minor < 0;
  // Negated as an unsigned number, because the least int64 has no positive counterpart.
  const auto bits = static_cast<std::uint64_t>(money.amount_minor);
  std::string text = std::to_string(negative ? 0 - bits : bits);
  if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
  if (decimals > 0) text.insert(text.size() - decimals, 1, '.');
  if (negative) text.insert(0, 1, '-');
  text += ' ';
  text += money.currency.text();
  return text;
}

std::optional<Money> checked_add(const Money& left, const Money& right) noexcept {
  Money sum{0, left.currency};
  if (left.currency != right.currency) return std::nullopt;
  if (__builtin_add_overflow(left.amount_minor, right.amount_minor, &sum.amount_minor)) return std::nullopt;
  return sum;
}

}  // namespace circuit::schema
