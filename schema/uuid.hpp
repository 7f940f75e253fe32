// A 128-bit identifier (RFC 9562) as a value.
//
// Invariants: the bytes stand in network order, so comparing two values compares their bytes,
// and version 7 identifiers sort by their time.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>

namespace circuit::schema {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;
  // As two numbers, which is what a look-up spends most of its time on.
  bool operator==(const Uuid& other) const noexcept {
    std::array<std::uint64_t, 2> ours, theirs;
    std::memcpy(ours.data(), bytes.data(), sizeof ours);
    std::memcpy(theirs.data(), other.bytes.data(), sizeof theirs);
    return ours[0] == theirs[0] && ours[1] == theirs[1];
  }
};
static_assert(sizeof(Uuid) == 16 && alignof(Uuid) == 1, "rows store a Uuid as its 16 bytes");

// The identifier with all bits zero; it names nothing.
inline constexpr Uuid nil_uuid{};

// Milliseconds since the epoch in the first 48 bits of a version 7 identifier (RFC 9562 5.7).
// Means nothing for another version.
[[nodiscard]] constexpr std::int64_t uuid_time_ms(const Uuid& uuid) noexcept {
  std::uint64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i) ms = (ms << 8) | uuid.bytes[i];
  return static_cast<std::int64_t>(ms);
}

}  // namespace circuit::schema

// Reads the last eight bytes only: 62 of their bits are random in every id that we issue, so there
// is nothing left to mix. Not for identifiers that a stranger chooses.
template <>
struct std::hash<circuit::schema::Uuid> {
  std::size_t operator()(const circuit::schema::Uuid& uuid) const noexcept {
    std::uint64_t low = 0;
    std::memcpy(&low, uuid.bytes.data() + 8, sizeof low);
    return static_cast<std::size_t>(low);
  }
};
