#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "schema/order_id.hpp"
#include "schema/token.hpp"
#include "tests/unit/schema/hex_uuid.hpp"

using namespace circuit::schema;

namespace {

Key32 counting_key() {
  Key32 key;
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
  return key;
}

const Key32 key = counting_key();
const std::string token_text = "tok_AYkKXayWd0u8zrMCCZqAVwECAwTJtitf-HiZn0ft1-IJhrVv";

Uuid order() { return hex_uuid("01890a5d-ac96-774b-bcce-b302099a8057"); }

// The token with these bytes put in the place of its own, all in base64url.
std::string with_bytes(std::size_t at, std::string_view bytes) {
  auto raw = base64url_decode(token_text.substr(4)).value();
  std::ranges::copy(bytes, raw.begin() + static_cast<std::ptrdiff_t>(at));
  return "tok_" + base64url_encode(bytes_of(raw));
}

}  // namespace

TEST_CASE("a token is the one that its format describes", "[schema][token]") {
  // Computed from the grammar in token.hpp by another program (Python's hashlib and base64).
  CHECK(make_token(key, order(), 0x01020304) == token_text);
  CHECK(make_token(key, order(), 1) == "tok_AYkKXayWd0u8zrMCCZqAVwAAAAE8OaAPtl1QtkGlGxwHTmN_");
}

TEST_CASE("a token gives its order and version back", "[schema][token]") {
  for (const std::uint32_t version : {0U, 1U, 0x80000000U, std::numeric_limits<std::uint32_t>::max()}) {
    CHECK(parse_token(key, make_token(key, order(), version)) == TokenClaim{order(), version});
  }
}

TEST_CASE("a token made with another key is refused", "[schema][token]") {
  Key32 other = key;
  other[31] ^= 1;
  CHECK_FALSE(parse_token(other, token_text));
  CHECK_FALSE(parse_token(key, make_token(other, order(), 1)));
}

TEST_CASE("a token of another order is refused", "[schema][token]") {
  CHECK(parse_token(key, with_bytes(0, "")));
  CHECK_FALSE(parse_token(key, with_bytes(0, "\x02")));
  CHECK_FALSE(parse_token(key, with_bytes(15, "\x58")));
}

TEST_CASE("a token with its version raised is refused", "[schema][token]") {
  CHECK_FALSE(parse_token(key, with_bytes(19, "\x05")));
  CHECK_FALSE(parse_token(key, with_bytes(16, "\x02")));
}

TEST_CASE("a token with any one character changed is refused", "[schema][token]") {
  for (std::size_t at = 0; at < token_text.size(); ++at) {
    for (int c = 0; c < 256; ++c) {
      std::string text = token_text;
      if (text[at] == static_cast<char>(c)) continue;
      text[at] = static_cast<char>(c);
      if (parse_token(key, text)) FAIL(text);
    }
  }
}

TEST_CASE("a token of another length or form is refused", "[schema][token]") {
  for (std::size_t size = 0; size < token_text.size(); ++size) {
    INFO(size);
    CHECK_FALSE(parse_token(key, token_text.substr(0, size)));
  }
  for (const std::string& text :
       {token_text + "A", token_text + "AAAA", token_text + "=", token_text + "\n", " " + token_text,
        token_text.substr(4), token_text.substr(4) + "AAAA", "TOK_" + token_text.substr(4), order_id_text(order()),
        std::string(token_bytes, '\0')}) {
    INFO(text);
    CHECK_FALSE(parse_token(key, text));
  }
}

TEST_CASE("a MAC of the same key in another domain makes no token", "[schema][token]") {
  auto raw = base64url_decode(token_text.substr(4)).value();
  raw.resize(20);
  const Hash16 mac = blake2b_16(bytes_of(raw), key);
  raw.insert(raw.end(), mac.begin(), mac.end());
  CHECK_FALSE(parse_token(key, "tok_" + base64url_encode(bytes_of(raw))));
}
