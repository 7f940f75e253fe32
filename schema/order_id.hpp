// The text of identifiers: TypeID 0.3 (https://github.com/jetify-com/typeid/tree/main/spec).
//
//   typeid   := [ prefix "_" ] suffix
//   prefix   := 1..63 of [a-z_], its first and last character a letter
//   suffix   := 26 of "0123456789abcdefghjkmnpqrstvwxyz", the first at most "7": 128 bits, most
//               significant first
//   order id := "ord_" suffix
//
// Invariants: one value has one text (no upper case, no look-alikes), and texts of one prefix sort
// as their values do.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "schema/uuid.hpp"

namespace circuit::schema {

inline constexpr std::size_t typeid_prefix_bytes_max = 63;
inline constexpr std::size_t typeid_suffix_bytes = 26;
inline constexpr std::string_view order_id_prefix = "ord";
inline constexpr std::size_t order_id_bytes = 30;

struct TypeId {
  std::string prefix;  // empty: the text is the suffix alone
  Uuid uuid;

  bool operator==(const TypeId&) const = default;
};

// The TypeID of `uuid`; an empty prefix gives the 26-character suffix alone.
// Throws std::invalid_argument if the grammar refuses the prefix.
[[nodiscard]] std::string encode_typeid(std::string_view prefix, const Uuid& uuid);

// Nothing if `text` is not exactly one TypeID.
[[nodiscard]] std::optional<TypeId> decode_typeid(std::string_view text);

// Writes the 30 characters of an order id, without a terminating zero. Does not allocate.
void write_order_id(const Uuid& uuid, std::span<char, order_id_bytes> out) noexcept;

// The order id as a string of 30 characters.
[[nodiscard]] std::string order_id_text(const Uuid& uuid);

// The identifier in an order id; nothing if `text` is anything but "ord_" and a valid suffix.
// The version of the identifier is not looked at: an id that was never issued is simply not found.
[[nodiscard]] std::optional<Uuid> parse_order_id(std::string_view text) noexcept;

}  // namespace circuit::schema
