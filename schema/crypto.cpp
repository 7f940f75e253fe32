#include "schema/crypto.hpp"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <stdexcept>

namespace circuit::schema {
namespace {

const unsigned char* raw(ByteView bytes) noexcept { return reinterpret_cast<const unsigned char*>(bytes.data()); }

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(what);
}

// Looking an algorithm up costs more than hashing a small message, so it happens once. It is never
// freed: destructors that run late may still hash.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  require(algorithm != nullptr, "OpenSSL has no SHA-256");
  return algorithm;
}

template <std::size_t size>
std::array<std::uint8_t, size> blake2b(ByteView message, const Key32* key) noexcept {
  std::array<std::uint8_t, size> hash;
  // The only failures are sizes out of range, and these are fixed here.
  crypto_generichash(hash.data(), hash.size(), raw(message), message.size(), key ? key->data() : nullptr,
                     key ? key->size() : 0);
  return hash;
}

std::string encode64(ByteView bytes, int variant) {
  // libsodium counts and writes a terminating zero.
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), raw(bytes), bytes.size(), variant);
  text.pop_back();
  return text;
}

std::optional<std::vector<std::uint8_t>> decode64(std::string_view text, int variant) {
  std::vector<std::uint8_t> bytes(text.size() / 4 * 3 + 3);
  std::size_t size = 0;
  // No ignored characters and no end pointer: all of the text has to be valid.
  if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr, variant) != 0) {
    return std::nullopt;
  }
  bytes.resize(size);
  // libsodium 1.0.18 reads bytes above 0x7f as if they were digits, and then one value has many texts.
  if (encode64(bytes_of(bytes), variant) != text) return std::nullopt;
  return bytes;
}

}  // namespace

void crypto_init() { require(sodium_init() >= 0, "libsodium cannot start"); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  require(context_ != nullptr, "OpenSSL has no memory for SHA-256");
  require(EVP_DigestInit_ex2(context_.get(), sha256_algorithm(), nullptr) == 1, "SHA-256 cannot start");
}

void Sha256::FreeContext::operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }

void Sha256::update(ByteView part) {
  require(EVP_DigestUpdate(context_.get(), part.data(), part.size()) == 1, "SHA-256 failed");
}

void Sha256::update(std::string_view part) { update(bytes_of(part)); }

Hash32 Sha256::finish() {
  Hash32 hash;
  require(EVP_DigestFinal_ex(context_.get(), hash.data(), nullptr) == 1, "SHA-256 failed");
  require(EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) == 1, "SHA-256 cannot start");
  return hash;
}

Hash32 sha256(ByteView message) {
  // Made once a thread: for a short message, making a context costs as much as the hash.
  thread_local Sha256 hasher;
  hasher.update(message);
  return hasher.finish();
}

Hash32 sha256(std::string_view message) { return sha256(bytes_of(message)); }

Hash16 blake2b_16(ByteView message) noexcept { return blake2b<16>(message, nullptr); }
Hash16 blake2b_16(ByteView message, const Key32& key) noexcept { return blake2b<16>(message, &key); }
Hash32 blake2b_32(ByteView message) noexcept { return blake2b<32>(message, nullptr); }
Hash32 blake2b_32(ByteView message, const Key32& key) noexcept { return blake2b<32>(message, &key); }

std::string hex_encode(ByteView bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), raw(bytes), bytes.size());
  text.pop_back();
  return text;
}

bool hex_decode(std::string_view text, std::span<std::uint8_t> out) noexcept {
  // libsodium takes capitals too, and then one value would have many texts.
  if (text.size() != out.size() * 2 || std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'F'; })) {
    return false;
  }
  if (out.empty()) return true;  // libsodium must not see its null pointer
  std::size_t size = 0;
  return sodium_hex2bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, nullptr) == 0 &&
         size == out.size();
}

std::string base64url_encode(ByteView bytes) { return encode64(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING); }
std::optional<std::vector<std::uint8_t>> base64url_decode(std::string_view text) {
  return decode64(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string base64_encode(ByteView bytes) { return encode64(bytes, sodium_base64_VARIANT_ORIGINAL); }
std::optional<std::vector<std::uint8_t>> base64_decode(std::string_view text) {
  return decode64(text, sodium_base64_VARIANT_ORIGINAL);
}

bool equal_constant_time(ByteView left, ByteView right) noexcept {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace circuit::schema
