// Any text as a delivery token: only what the key made is accepted, and a token has one text.
#include <algorithm>
#include <cstring>
#include <string>

#include "schema/token.hpp"
#include "tests/fuzz/require.hpp"

using namespace circuit;
using fuzz::require;

namespace {

constexpr schema::Key32 key = {1, 2, 3};
constexpr schema::Key32 other_key = {1, 2, 4};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::view_of(data, size);
  if (const auto claim = schema::parse_token(key, text))
    require(schema::make_token(key, claim->order, claim->version) == text, "a token has one text");
  // The same bytes as what a token claims, and one of its characters changed.
  schema::TokenClaim claim;
  std::memcpy(claim.order.bytes.data(), data, std::min(size, claim.order.bytes.size()));
  if (size > 16) claim.version = 0x01010101u * data[16];  // all of its bytes
  std::string token = schema::make_token(key, claim.order, claim.version);
  require(token.size() == schema::token_bytes, "a token has its length");
  require(schema::parse_token(key, token) == claim, "a token says what it was made of");
  require(!schema::parse_token(other_key, token), "another key's token is none");
  if (size > 17) {
    char& changed = token[data[17] % token.size()];
    const char before = changed;
    changed = static_cast<char>(size > 18 ? data[18] : 0);
    require(changed == before || !schema::parse_token(key, token), "a changed token is none");
  }
  return 0;
}
