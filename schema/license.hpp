// A licence: a small text that says who bought what, signed so that anyone with the public key can
// check it without us.
//
//   license   := header order product customer issued "\n" signature
//   header    := "circuit-license v1\n"
//   order     := "order: " order-id "\n"
//   product   := "product: " value "\n"
//   customer  := "customer: " value "\n"
//   issued    := "issued: " RFC 3339 UTC with microseconds "\n"
//   signature := "signature: " base64( Ed25519 of all bytes before this line ) "\n"
//   value     := UTF-8; a backslash is written "\\"; every byte of a control character, of a
//                character that reorders, hides or breaks a line, or of malformed UTF-8 is written
//                "\xHH" with lower-case digits
//   key       := "circuit-license-key v1 " base64( Ed25519 public key )
//
// Invariants: escaping loses nothing and never fails, so no name can forge a line and none can keep
// a paid order from being fulfilled; Ed25519 (RFC 8032) is deterministic, so the same fields and
// key give the same bytes; a document has one valid text, byte for byte.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "schema/crypto.hpp"
#include "schema/uuid.hpp"

namespace circuit::schema {

using LicensePublicKey = std::array<std::uint8_t, 32>;
using LicenseSecretKey = std::array<std::uint8_t, 64>;  // libsodium's form: seed, then public key

struct LicenseKeypair {
  LicensePublicKey public_key;
  LicenseSecretKey secret_key;
};

inline constexpr std::size_t license_value_bytes_max = 1024;  // before escaping
inline constexpr std::size_t license_text_bytes_max = 10'240;

struct LicenseFields {
  Uuid order;
  std::string product;
  std::string customer;
  std::int64_t issued_us = 0;  // since the epoch, UTC

  bool operator==(const LicenseFields&) const = default;
};

// Why a text is no licence.
enum class LicenseRefusal : std::uint8_t {
  malformed = 1,    // not byte for byte of the form above
  unknown_version,  // a circuit-license of another version
  wrong_signature,  // changed after signing, or signed with another key
};

// One sentence fragment for people, such as "the signature does not match".
[[nodiscard]] std::string_view text_of(LicenseRefusal refusal) noexcept;

// The same 32 secret bytes give the same keys (RFC 8032 5.1.5).
[[nodiscard]] LicenseKeypair license_keypair_from_seed(const Key32& seed);

// The signed document. Throws std::length_error if a value is longer than license_value_bytes_max
// and std::out_of_range if the year of `issued_us` is not in 0..9999.
[[nodiscard]] std::string render_license(const LicenseFields& fields, const LicenseSecretKey& secret_key);

// What the document says, if its signature is by this key.
[[nodiscard]] std::variant<LicenseFields, LicenseRefusal> verify_license(std::string_view text,
                                                                         const LicensePublicKey& public_key);

// The public key as one line, without its newline.
[[nodiscard]] std::string license_key_text(const LicensePublicKey& public_key);

// The key in such a line; one newline at its end is accepted, because key files have one.
[[nodiscard]] std::optional<LicensePublicKey> parse_license_key(std::string_view text);

}  // namespace circuit::schema
