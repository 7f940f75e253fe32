// Hashes and byte encodings, as thin wrappers: OpenSSL for SHA-256 (it uses the CPU's
// instructions), libsodium for everything else.
//
// Invariants: no state that a caller can see and no I/O; a decoder accepts exactly what the encoder
// of the same name writes, so one value has one text. Libraries fail here only when memory is out
// or they are broken; that is a std::runtime_error.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct evp_md_ctx_st;

namespace circuit::schema {

using Hash16 = std::array<std::uint8_t, 16>;
using Hash32 = std::array<std::uint8_t, 32>;
using Key32 = std::array<std::uint8_t, 32>;
using ByteView = std::span<const std::byte>;

// The bytes of a text, array or vector, to pass on as a ByteView.
[[nodiscard]] inline ByteView bytes_of(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}
[[nodiscard]] inline ByteView bytes_of(std::span<const std::uint8_t> bytes) noexcept { return std::as_bytes(bytes); }

// Call once at start, before anything else of libsodium; later calls do nothing.
// Throws std::runtime_error if the library cannot start (it found no source of randomness).
void crypto_init();

// SHA-256 (FIPS 180-4) of one message.
[[nodiscard]] Hash32 sha256(ByteView message);
[[nodiscard]] Hash32 sha256(std::string_view message);

// SHA-256 of a message that comes in parts.
class Sha256 {
 public:
  Sha256();

  void update(ByteView part);
  void update(std::string_view part);

  // The hash of everything since construction or the last finish; begins a new message.
  [[nodiscard]] Hash32 finish();

 private:
  struct FreeContext {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, FreeContext> context_;
};

// BLAKE2b (RFC 7693) with a 16 or 32 byte result; with a key it is a MAC. The length is part of the
// hash: the short one is not the beginning of the long one.
[[nodiscard]] Hash16 blake2b_16(ByteView message) noexcept;
[[nodiscard]] Hash16 blake2b_16(ByteView message, const Key32& key) noexcept;
[[nodiscard]] Hash32 blake2b_32(ByteView message) noexcept;
[[nodiscard]] Hash32 blake2b_32(ByteView message, const Key32& key) noexcept;

// Lower-case hexadecimal, two digits a byte.
[[nodiscard]] std::string hex_encode(ByteView bytes);
// Fills `out`; false, with `out` unspecified, unless `text` is exactly its size in lower-case digits.
[[nodiscard]] bool hex_decode(std::string_view text, std::span<std::uint8_t> out) noexcept;

// RFC 4648 section 5 without padding. The decoder refuses padding, white space, foreign characters
// and left-over bits that are not zero.
[[nodiscard]] std::string base64url_encode(ByteView bytes);
[[nodiscard]] std::optional<std::vector<std::uint8_t>> base64url_decode(std::string_view text);

// RFC 4648 section 4 with padding, as strict as the above.
[[nodiscard]] std::string base64_encode(ByteView bytes);
[[nodiscard]] std::optional<std::vector<std::uint8_t>> base64_decode(std::string_view text);

// Whether both have the same bytes, in a time that depends on their length only.
[[nodiscard]] bool equal_constant_time(ByteView left, ByteView right) noexcept;

}  // namespace circuit::schema
