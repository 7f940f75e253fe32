#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "schema/crypto.hpp"

using namespace circuit::schema;

namespace {

const std::string empty_sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const std::string abc_sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string million_a_sha256 = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

template <std::size_t size>
std::string hex(const std::array<std::uint8_t, size>& bytes) {
  return hex_encode(bytes_of(bytes));
}

Key32 counting_key() {
  Key32 key;
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
  return key;
}

std::string as_text(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

TEST_CASE("libsodium starts, and starting it again does nothing", "[schema][crypto]") {
  CHECK_NOTHROW(crypto_init());
  CHECK_NOTHROW(crypto_init());
}

TEST_CASE("sha256 gives the hashes of FIPS 180", "[schema][crypto]") {
  CHECK(hex(sha256("")) == empty_sha256);
  CHECK(hex(sha256("abc")) == abc_sha256);
  CHECK(hex(sha256(std::string(1'000'000, 'a'))) == million_a_sha256);
  CHECK(hex(sha256("abc")) == abc_sha256);
  CHECK(hex(sha256(ByteView{})) == empty_sha256);
}

TEST_CASE("a message in parts has the hash of the whole, wherever it is cut", "[schema][crypto]") {
  std::string message;
  for (int i = 0; i < 200; ++i) message += static_cast<char>(i);
  Sha256 hasher;
  for (std::size_t cut = 0; cut <= message.size(); ++cut) {
    hasher.update(message.substr(0, cut));
    hasher.update(message.substr(cut));
    CHECK(hasher.finish() == sha256(message));
  }
}

TEST_CASE("finish begins a new message", "[schema][crypto]") {
  Sha256 hasher;
  hasher.update("something");
  (void)hasher.finish();
  CHECK(hex(hasher.finish()) == empty_sha256);
  hasher.update("abc");
  CHECK(hex(hasher.finish()) == abc_sha256);
}

TEST_CASE("a one-shot hash does not disturb one in progress", "[schema][crypto]") {
  Sha256 hasher;
  hasher.update("ab");
  (void)sha256("noise");
  hasher.update("c");
  CHECK(hex(hasher.finish()) == abc_sha256);
}

TEST_CASE("threads hash at the same time without mixing", "[schema][crypto]") {
  std::array<int, 4> wrong{};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      const std::string own(t + 1, static_cast<char>('a' + t));
      const Hash32 expected = sha256(own);
      for (int i = 0; i < 2000; ++i) wrong[t] += sha256(own) != expected;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(wrong == std::array<int, 4>{});
}

TEST_CASE("blake2b gives the hashes that another implementation gives", "[schema][crypto]") {
  // Python's hashlib.blake2b(b"abc", digest_size=..., key=bytes(range(32))).
  const ByteView abc = bytes_of("abc");
  CHECK(hex(blake2b_16(abc)) == "cf4ab791c62b8d2b2109c90275287816");
  CHECK(hex(blake2b_16(abc, counting_key())) == "1a64be47e4729d951c302ee543f97cf3");
  CHECK(hex(blake2b_32(abc)) == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  CHECK(hex(blake2b_32(abc, counting_key())) == "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
}

TEST_CASE("hex goes both ways", "[schema][crypto]") {
  const std::array<std::uint8_t, 4> bytes{0x00, 0x7f, 0x80, 0xff};
  CHECK(hex(bytes) == "007f80ff");
  CHECK(hex_encode({}).empty());
  std::array<std::uint8_t, 4> back{};
  CHECK(hex_decode("007f80ff", back));
  CHECK(back == bytes);
  CHECK(hex_decode("", {}));
}

TEST_CASE("hex of another length, in capitals or with foreign characters is refused", "[schema][crypto]") {
  std::array<std::uint8_t, 2> out{};
  for (const char* text :
       {"", "0", "000", "00000", "000000", "00FF", "0A00", "00g0", "00 0", "0x00", "00:0", "\xff\xff\xff\xff"}) {
    INFO(text);
    CHECK_FALSE(hex_decode(text, out));
  }
  CHECK_FALSE(hex_decode(std::string("00\0\0", 4), out));
}

TEST_CASE("base64url gives the texts of RFC 4648 without padding", "[schema][crypto]") {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : cases) {
    CHECK(base64url_encode(bytes_of(plain)) == text);
    REQUIRE(base64url_decode(text));
    CHECK(as_text(*base64url_decode(text)) == plain);
  }
  CHECK(base64url_encode(bytes_of("\xfb\xff\xfe")) == "-__-");
  CHECK(base64_encode(bytes_of("\xfb\xff\xfe")) == "+//+");
}

TEST_CASE("base64url that the encoder would not write is refused", "[schema][crypto]") {
  for (const char* text :
       {"Zg==", "Zg=", "Zh", "Zm9", "Z", "Zm9vY", "+//+", "Zm 9v", "Zm9v\n", " Zm9v", "Zm9v!", "Zm.v"}) {
    INFO(text);
    CHECK_FALSE(base64url_decode(text));
  }
  CHECK_FALSE(base64url_decode(std::string("Zm9v\0\0\0\0", 8)));
}

TEST_CASE("no byte outside its alphabet is base64", "[schema][crypto]") {
  // libsodium 1.0.18 alone would take every byte above 0x7f.
  const std::string_view common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  for (int c = 0; c < 256; ++c) {
    const char byte = static_cast<char>(c);
    const bool is_common = common.find(byte) != common.npos;
    for (std::size_t at = 0; at < 4; ++at) {
      std::string text = "Zm9v";
      text[at] = byte;
      INFO(c << " at " << at);
      CHECK(base64url_decode(text).has_value() == (is_common || byte == '-' || byte == '_'));
      CHECK(base64_decode(text).has_value() == (is_common || byte == '+' || byte == '/'));
    }
  }
}

TEST_CASE("base64 has padding and is as strict", "[schema][crypto]") {
  CHECK(base64_encode(bytes_of("f")) == "Zg==");
  CHECK(base64_encode(bytes_of("fooba")) == "Zm9vYmE=");
  CHECK(as_text(base64_decode("Zm9vYmE=").value()) == "fooba");
  for (const char* text : {"Zg", "Zg=", "Zh==", "Zg===", "Zg==Zg==", "-__-", "Zm9v\n", "Z=g="}) {
    INFO(text);
    CHECK_FALSE(base64_decode(text));
  }
}

TEST_CASE("bytes are equal in constant time only if all of them and their number are", "[schema][crypto]") {
  CHECK(equal_constant_time(bytes_of("abc"), bytes_of("abc")));
  CHECK(equal_constant_time({}, {}));
  CHECK_FALSE(equal_constant_time(bytes_of("abc"), bytes_of("abd")));
  CHECK_FALSE(equal_constant_time(bytes_of("abc"), bytes_of("bbc")));
  CHECK_FALSE(equal_constant_time(bytes_of("abc"), bytes_of("ab")));
  CHECK_FALSE(equal_constant_time({}, bytes_of("a")));
}
