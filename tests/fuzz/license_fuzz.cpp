// Any text as a licence or as the key that checks one, and any names in a licence: a document has one valid text, no
// name can forge a line, and nothing that was not signed is accepted.
#include <sodium.h>
#include <algorithm>
#include <array>
#include <string>
#include <variant>

#include "schema/crypto.hpp"
#include "schema/license.hpp"
#include "tests/fuzz/require.hpp"

using namespace circuit;
using fuzz::require;

namespace {

// Not even what was signed with the right key is taken when it is written in another way.
void check_signed(std::string_view body, const schema::LicenseKeypair& keys) {
  std::array<std::uint8_t, crypto_sign_BYTES> signature;
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(body.data()), body.size(),
                       keys.secret_key.data());
  const std::string text =
      std::string(body) + "signature: " + schema::base64_encode(schema::bytes_of(signature)) + '\n';
  const auto verified = schema::verify_license(text, keys.public_key);
  if (const auto* fields = std::get_if<schema::LicenseFields>(&verified))
    require(schema::render_license(*fields, keys.secret_key) == text, "a signed licence has one text");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const schema::LicenseKeypair keys = schema::license_keypair_from_seed({7, 7, 7});
  const std::string_view text = fuzz::view_of(data, size);
  const auto verified = schema::verify_license(text, keys.public_key);
  if (const auto* fields = std::get_if<schema::LicenseFields>(&verified))
    require(schema::render_license(*fields, keys.secret_key) == text, "a licence has one text");
  else
    require(!schema::text_of(std::get<schema::LicenseRefusal>(verified)).empty(), "a refusal has words");
  if (const auto key = schema::parse_license_key(text)) {
    const std::string line = schema::license_key_text(*key);
    require(text == line || text == line + '\n', "a key has one text");
  }
  check_signed(text, keys);
  // The same bytes as names.
  const std::size_t half = std::min(size / 2, schema::license_value_bytes_max);
  const schema::LicenseFields fields{
      {}, std::string(text.substr(0, half)), std::string(text.substr(size - half)), static_cast<std::int64_t>(size)};
  std::string signed_text = schema::render_license(fields, keys.secret_key);
  require(signed_text.size() <= schema::license_text_bytes_max, "a licence is bounded");
  require(std::count(signed_text.begin(), signed_text.end(), '\n') == 7, "no name makes a line");
  const auto same = schema::verify_license(signed_text, keys.public_key);
  const auto* read = std::get_if<schema::LicenseFields>(&same);
  require(read && *read == fields, "a licence says what was signed");
  if (size > 0) {
    signed_text[data[0] % signed_text.size()] ^= 1;
    const auto changed = schema::verify_license(signed_text, keys.public_key);
    require(std::holds_alternative<schema::LicenseRefusal>(changed), "a changed licence is none");
  }
  return 0;
}
