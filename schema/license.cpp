#include "schema/license.hpp"

#include <sodium.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

#include "schema/order_id.hpp"
#include "schema/time_text.hpp"

namespace circuit::schema {
namespace {

constexpr std::string_view header_any_version = "circuit-license v";
constexpr std::string_view header = "circuit-license v1\n";
constexpr std::string_view order_label = "order: ";
constexpr std::string_view product_label = "product: ";
constexpr std::string_view customer_label = "customer: ";
constexpr std::string_view issued_label = "issued: ";
constexpr std::string_view signature_label = "signature: ";
constexpr std::string_view key_label = "circuit-license-key v1 ";

using Signature = std::array<std::uint8_t, crypto_sign_BYTES>;
constexpr std::size_t signature_base64_bytes = 88;
constexpr std::size_t signature_line_bytes = signature_label.size() + signature_base64_bytes + 1;

static_assert(sizeof(LicensePublicKey) == crypto_sign_PUBLICKEYBYTES);
static_assert(sizeof(LicenseSecretKey) == crypto_sign_SECRETKEYBYTES);
static_assert(sizeof(Key32) == crypto_sign_SEEDBYTES);
static_assert(2 * 4 * license_value_bytes_max + 1024 <= license_text_bytes_max, "what is rendered can be verified");

// The characters that would let a value look like something else: controls, those that end a line,
// change the direction of writing, or are not seen at all.
struct Range {
  char32_t first, last;
};
constexpr Range not_shown[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},   {0x180e, 0x180e},   {0x200b, 0x200f},
    {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe0fff},
};

bool is_shown(char32_t character) noexcept {
  return std::ranges::none_of(not_shown, [&](Range r) { return character >= r.first && character <= r.last; });
}

struct Character {
  char32_t value = 0;
  std::size_t size = 1;  // bytes
  bool well_formed = false;
};

// The first character of a text that is not empty. A byte that begins no well-formed character
// (Unicode, table 3-7) is a malformed one of size 1.
Character first_character(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};

  const std::size_t size = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
  if (size == 1 || text.size() < size) return {};
  char32_t value = lead & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3fU);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (overlong || surrogate || value > 0x10ffff) return {};
  return {value, size, true};
}

std::string escape(std::string_view value) {
  std::string text;
  while (!value.empty()) {
    const Character character = first_character(value);
    const std::string_view bytes = value.substr(0, character.size);
    value.remove_prefix(character.size);
    if (bytes == "\\") {
      text += "\\\\";
    } else if (character.well_formed && is_shown(character.value)) {
      text += bytes;
    } else {
      for (const char byte : bytes) text += "\\x" + hex_encode(bytes_of({&byte, 1}));
    }
  }
  return text;
}

// The value that escape() wrote as this text, and no other spelling of it.
std::optional<std::string> unescape(std::string_view text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::uint8_t byte = 0;
    if (text[i] != '\\') {
      value += text[i];
    } else if (text.substr(i + 1, 1) == "\\") {
      value += '\\';
      i += 1;
    } else if (text.substr(i + 1, 1) == "x" && hex_decode(text.substr(i + 2, 2), {&byte, 1})) {
      value += static_cast<char>(byte);
      i += 3;
    } else {
      return std::nullopt;
    }
  }
  if (value.size() > license_value_bytes_max || escape(value) != text) return std::nullopt;
  return value;
}

void append_line(std::string& text, std::string_view label, std::string_view value) {
  text += label;
  text += value;
  text += '\n';
}

// Whether the text begins as a licence of some version, "circuit-license v" and a number.
bool has_version(std::string_view text) noexcept {
  if (!text.starts_with(header_any_version)) return false;
  text.remove_prefix(header_any_version.size());
  const std::string_view number = text.substr(0, text.find('\n'));
  return !number.empty() && number.size() < text.size() &&
         std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
}

// Takes one line off the front of the text: what follows its label.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view label) noexcept {
  const std::size_t end = text.find('\n');
  if (end == text.npos || !text.starts_with(label)) return std::nullopt;
  const std::string_view value = text.substr(label.size(), end - label.size());
  text.remove_prefix(end + 1);
  return value;
}

// The bytes of a base64 text, if there are exactly as many as the array holds.
template <std::size_t size>
std::optional<std::array<std::uint8_t, size>> decode_exactly(std::string_view base64) {
  const auto bytes = base64_decode(base64);
  if (!bytes || bytes->size() != size) return std::nullopt;
  std::array<std::uint8_t, size> array;
  std::ranges::copy(*bytes, array.begin());
  return array;
}

const unsigned char* raw(std::string_view text) noexcept { return reinterpret_cast<const unsigned char*>(text.data()); }

// The fields of a document whose signature is already found right.
std::optional<LicenseFields> parse_signed(std::string_view text) {
  if (!text.starts_with(header)) return std::nullopt;
  text.remove_prefix(header.size());
  const auto order = take_line(text, order_label);
  const auto product = take_line(text, product_label);
  const auto customer = take_line(text, customer_label);
  const auto issued = take_line(text, issued_label);
  if (!order || !product || !customer || !issued || text != "\n") return std::nullopt;

  const auto uuid = parse_order_id(*order);
  auto product_value = unescape(*product);
  auto customer_value = unescape(*customer);
  const auto issued_us = parse_time_text(*issued);
  if (!uuid || !product_value || !customer_value || !issued_us) return std::nullopt;
  return LicenseFields{*uuid, *std::move(product_value), *std::move(customer_value), *issued_us};
}

}  // namespace

std::string_view text_of(LicenseRefusal refusal) noexcept {
  switch (refusal) {
    case LicenseRefusal::malformed: return "the text is not a licence, or was reformatted";
    case LicenseRefusal::unknown_version: return "the licence is of a version that is not known here";
    case LicenseRefusal::wrong_signature: return "the signature does not match the text and the key";
  }
  return "no such refusal";
}

LicenseKeypair license_keypair_from_seed(const Key32& seed) {
  LicenseKeypair keypair;
  crypto_sign_seed_keypair(keypair.public_key.data(), keypair.secret_key.data(), seed.data());
  return keypair;
}

std::string render_license(const LicenseFields& fields, const LicenseSecretKey& secret_key) {
  if (std::max(fields.product.size(), fields.customer.size()) > license_value_bytes_max) {
    throw std::length_error("a value is too long for a licence");
  }
  std::string text(header);
  append_line(text, order_label, order_id_text(fields.order));
  append_line(text, product_label, escape(fields.product));
  append_line(text, customer_label, escape(fields.customer));
  append_line(text, issued_label, time_text(fields.issued_us));
  text += '\n';

  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, raw(text), text.size(), secret_key.data());
  append_line(text, signature_label, base64_encode(bytes_of(signature)));
  return text;
}

std::variant<LicenseFields, LicenseRefusal> verify_license(std::string_view text, const LicensePublicKey& public_key) {
  if (!text.starts_with(header)) {
    return has_version(text) ? LicenseRefusal::unknown_version : LicenseRefusal::malformed;
  }
  if (text.size() > license_text_bytes_max || text.size() < signature_line_bytes) return LicenseRefusal::malformed;

  // The signature's line has a fixed length, so it is found without reading what it vouches for; a
  // line that ended early would not hold 64 bytes.
  const std::string_view body = text.substr(0, text.size() - signature_line_bytes);
  std::string_view rest = text.substr(body.size());
  const auto base64 = take_line(rest, signature_label);
  if (!base64) return LicenseRefusal::malformed;
  const auto signature = decode_exactly<crypto_sign_BYTES>(*base64);
  if (!signature) return LicenseRefusal::malformed;
  if (crypto_sign_verify_detached(signature->data(), raw(body), body.size(), public_key.data()) != 0) {
    return LicenseRefusal::wrong_signature;
  }
  auto fields = parse_signed(body);
  if (!fields) return LicenseRefusal::malformed;
  return *std::move(fields);
}

std::string license_key_text(const LicensePublicKey& public_key) {
  return std::string(key_label) + base64_encode(bytes_of(public_key));
}

std::optional<LicensePublicKey> parse_license_key(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (!text.starts_with(key_label)) return std::nullopt;
  return decode_exactly<crypto_sign_PUBLICKEYBYTES>(text.substr(key_label.size()));
}

}  // namespace circuit::schema
