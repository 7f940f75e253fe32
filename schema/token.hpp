// The delivery token: what a customer shows to fetch what an order delivered.
//
//   token := "tok_" base64url( order uuid, 16 bytes | version, 4 bytes big endian | mac, 16 bytes )
//   mac   := BLAKE2b-128 keyed ( "circuit delivery token v1" | 0x00 | order uuid | version )
//
// Invariants: it can be checked with the key alone, so it is never stored and never logged; it
// speaks for one order; raising the order's token version revokes the ones before. Whether a
// version is still current is the caller's question. 36 bytes are 48 base64 characters with no bits
// left over, so a token has one text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/crypto.hpp"
#include "schema/uuid.hpp"

namespace circuit::schema {

inline constexpr std::string_view token_prefix = "tok_";
inline constexpr std::size_t token_bytes = 52;

struct TokenClaim {
  Uuid order;
  std::uint32_t version = 0;

  bool operator==(const TokenClaim&) const = default;
};

// The token text, 52 characters; the same arguments give the same token.
[[nodiscard]] std::string make_token(const Key32& key, const Uuid& order, std::uint32_t version);

// What a token claims, if this key made it; nothing for any other text. The MAC is compared in
// constant time.
[[nodiscard]] std::optional<TokenClaim> parse_token(const Key32& key, std::string_view text);

}  // namespace circuit::schema
