#include "schema/token.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace circuit::schema {
namespace {

// The zero between domain and claim belongs to the format.
constexpr std::string_view domain{"circuit delivery token v1\0", 26};
static_assert(domain.back() == '\0');

constexpr std::size_t claim_bytes = 16 + 4;
constexpr std::size_t mac_bytes = 16;
static_assert((claim_bytes + mac_bytes) % 3 == 0, "no left-over bits: a token has one text");
static_assert(token_bytes == token_prefix.size() + (claim_bytes + mac_bytes) / 3 * 4);

Hash16 mac_of(const Key32& key, std::span<const std::uint8_t, claim_bytes> claim) noexcept {
  std::array<std::uint8_t, domain.size() + claim_bytes> message;
  std::ranges::copy(claim, std::ranges::copy(domain, message.begin()).out);
  return blake2b_16(bytes_of(message), key);
}

}  // namespace

std::string make_token(const Key32& key, const Uuid& order, std::uint32_t version) {
  std::array<std::uint8_t, claim_bytes + mac_bytes> bytes;
  std::ranges::copy(order.bytes, bytes.begin());
  for (std::size_t i = claim_bytes; i-- > 16; version >>= 8) bytes[i] = static_cast<std::uint8_t>(version);
  const Hash16 mac = mac_of(key, std::span(bytes).first<claim_bytes>());
  std::ranges::copy(mac, bytes.begin() + claim_bytes);
  return std::string(token_prefix) + base64url_encode(bytes_of(bytes));
}

std::optional<TokenClaim> parse_token(const Key32& key, std::string_view text) {
  if (text.size() != token_bytes || !text.starts_with(token_prefix)) return std::nullopt;
  const auto bytes = base64url_decode(text.substr(token_prefix.size()));
  if (!bytes || bytes->size() != claim_bytes + mac_bytes) return std::nullopt;

  const auto claim_part = std::span(*bytes).first<claim_bytes>();
  const Hash16 mac = mac_of(key, claim_part);
  if (!equal_constant_time(bytes_of(mac), bytes_of(std::span(*bytes).last<mac_bytes>()))) return std::nullopt;

  TokenClaim claim;
  std::ranges::copy(claim_part.first<16>(), claim.order.bytes.begin());
  for (const std::uint8_t byte : claim_part.last<4>()) claim.version = claim.version << 8 | byte;
  return claim;
}

}  // namespace circuit::schema
