// Money: an integer of minor units and an ISO 4217 currency.
//
// Invariants: no floating point anywhere; a sum that does not fit is refused, not wrapped; amounts
// of two currencies never mix. Stored rows hold the three letters of a currency, so a code that
// ISO 4217 withdraws may leave the table only when no stored order has it.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace circuit::schema {

// An alphabetic ISO 4217 code; all zeros means none. parse_currency gives checked values.
struct Currency {
  std::array<char, 3> code{};

  // The three letters; they live as long as this value.
  [[nodiscard]] constexpr std::string_view text() const& noexcept { return {code.data(), code.size()}; }
  std::string_view text() const&& = delete;

  auto operator<=>(const Currency&) const = default;
};
static_assert(sizeof(Currency) == 3 && alignof(Currency) == 1, "rows store a Currency as its 3 letters");

struct Money {
  std::int64_t amount_minor = 0;
  Currency currency;

  bool operator==(const Money&) const = default;
};

// What one order may cost, in minor units.
inline constexpr std::int64_t order_amount_minor_min = 1;
inline constexpr std::int64_t order_amount_minor_max = 1'000'000'000'000;

// The currency with this code, in upper case, if ISO 4217 lists it as of 2026-01-01 with a minor
// unit. Metals, XDR, XTS, XXX and the like have none, so nothing can be priced in them.
[[nodiscard]] std::optional<Currency> parse_currency(std::string_view code) noexcept;

// How many decimal digits the minor unit is (USD 2, JPY 0, BHD 3).
// Throws std::invalid_argument for a code that parse_currency refuses.
[[nodiscard]] int exponent(Currency currency);

// "50.00 USD", "-0.05 USD", "500 JPY": for people; right over all of int64.
// Throws std::invalid_argument for a code that parse_currency refuses.
[[nodiscard]] std::string format_money(const Money& money);

// The sum; nothing if the currencies differ or the sum does not fit in 64 bits.
[[nodiscard]] std::optional<Money> checked_add(const Money& left, const Money& right) noexcept;

// Whether an order may have this price.
[[nodiscard]] constexpr bool is_order_amount(std::int64_t amount_minor) noexcept {
  return amount_minor >= order_amount_minor_min && amount_minor <= order_amount_minor_max;
}

}  // namespace circuit::schema

template <>
struct std::hash<circuit::schema::Currency> {
  std::size_t operator()(const circuit::schema::Currency& currency) const noexcept {
    std::size_t value = 0;
    for (const char letter : currency.code) value = value << 8 | static_cast<unsigned char>(letter);
    return value;
  }
};
