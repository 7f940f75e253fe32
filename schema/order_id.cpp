#include "schema/order_id.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace circuit::schema {
namespace {

constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
static_assert(alphabet.size() == 32);

// A value above 31, so that or-ing all looked-up digits shows whether any was foreign.
constexpr std::uint8_t foreign = 0x80;

constexpr std::array<std::uint8_t, 256> digit_of = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(foreign);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}();

// The bits of an identifier as two numbers.
struct Halves {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
};

static_assert(std::endian::native == std::endian::little);

Halves split(const Uuid& uuid) noexcept {
  Halves halves;
  std::memcpy(&halves.high, uuid.bytes.data(), 8);
  std::memcpy(&halves.low, uuid.bytes.data() + 8, 8);
  return {__builtin_bswap64(halves.high), __builtin_bswap64(halves.low)};
}

Uuid join(Halves halves) noexcept {
  halves = {__builtin_bswap64(halves.high), __builtin_bswap64(halves.low)};
  Uuid uuid;
  std::memcpy(uuid.bytes.data(), &halves.high, 8);
  std::memcpy(uuid.bytes.data() + 8, &halves.low, 8);
  return uuid;
}

// 26 digits of 5 bits hold 130 bits; the first digit carries two zeros and the top three. Digit 13,
// counted from the left, straddles the halves: one bit of the high and four of the low one.
void write_suffix(const Uuid& uuid, char* out) noexcept {
  auto [high, low] = split(uuid);
  const std::uint64_t middle = (high & 1) << 4 | low >> 60;
  high >>= 1;
  for (std::size_t i = 26; i-- > 14; low >>= 5) out[i] = alphabet[low & 31];
  out[13] = alphabet[middle];
  for (std::size_t i = 13; i-- > 0; high >>= 5) out[i] = alphabet[high & 31];
}

// Precondition: `suffix` has 26 characters.
std::optional<Uuid> parse_suffix(std::string_view suffix) noexcept {
  const auto digit = [&](std::size_t i) { return digit_of[static_cast<unsigned char>(suffix[i])]; };
  // Without this the two bits above the 128 would be dropped and one value would have four texts.
  if (digit(0) > 7) return std::nullopt;

  Halves halves;
  std::uint8_t seen = 0;
  for (std::size_t i = 0; i < 13; ++i) {
    seen |= digit(i);
    halves.high = halves.high << 5 | digit(i);
  }
  seen |= digit(13);
  halves.high = halves.high << 1 | digit(13) >> 4;
  halves.low = digit(13) & 15;
  for (std::size_t i = 14; i < 26; ++i) {
    seen |= digit(i);
    halves.low = halves.low << 5 | digit(i);
  }
  if (seen & foreign) return std::nullopt;
  return join(halves);
}

constexpr bool is_letter(char c) noexcept { return c >= 'a' && c <= 'z'; }

// Whether this is a prefix that is followed by a separator, so not an empty one.
bool is_prefix(std::string_view prefix) noexcept {
  return !prefix.empty() && prefix.size() <= typeid_prefix_bytes_max && is_letter(prefix.front()) &&
         is_letter(prefix.back()) && std::ranges::all_of(prefix, [](char c) { return is_letter(c) || c == '_'; });
}

}  // namespace

std::string encode_typeid(std::string_view prefix, const Uuid& uuid) {
  if (!prefix.empty() && !is_prefix(prefix)) throw std::invalid_argument("not a TypeID prefix");
  const std::size_t suffix_at = prefix.empty() ? 0 : prefix.size() + 1;
  std::string text(suffix_at + typeid_suffix_bytes, '_');
  std::ranges::copy(prefix, text.begin());
  write_suffix(uuid, text.data() + suffix_at);
  return text;
}

std::optional<TypeId> decode_typeid(std::string_view text) {
  if (text.size() < typeid_suffix_bytes) return std::nullopt;
  // The prefix may contain "_" and the suffix may not, so the last one is the separator.
  const std::size_t suffix_at = text.size() - typeid_suffix_bytes;
  std::string_view prefix;
  if (suffix_at > 0) {
    prefix = text.substr(0, suffix_at - 1);
    if (text[suffix_at - 1] != '_' || !is_prefix(prefix)) return std::nullopt;
  }
  const std::optional<Uuid> uuid = parse_suffix(text.substr(suffix_at));
  if (!uuid) return std::nullopt;
  return TypeId{std::string(prefix), *uuid};
}

void write_order_id(const Uuid& uuid, std::span<char, order_id_bytes> out) noexcept {
  static_assert(order_id_bytes == order_id_prefix.size() + 1 + typeid_suffix_bytes);
  std::ranges::copy(order_id_prefix, out.begin());
  out[order_id_prefix.size()] = '_';
  write_suffix(uuid, out.data() + order_id_prefix.size() + 1);
}

std::string order_id_text(const Uuid& uuid) {
  std::array<char, order_id_bytes> text;
  write_order_id(uuid, text);
  return {text.data(), text.size()};
}

std::optional<Uuid> parse_order_id(std::string_view text) noexcept {
  if (text.size() != order_id_bytes || !text.starts_with(order_id_prefix) || text[order_id_prefix.size()] != '_') {
    return std::nullopt;
  }
  return parse_suffix(text.substr(order_id_prefix.size() + 1));
}

}  // namespace circuit::schema
