#include <catch2/catch.hpp>

#include <sodium.h>

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "schema/license.hpp"
#include "tests/unit/schema/hex_uuid.hpp"

using namespace circuit::schema;

namespace {

LicenseKeypair keypair() {
  // The first test of RFC 8032, 7.1.
  Key32 seed;
  REQUIRE(hex_decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", seed));
  return license_keypair_from_seed(seed);
}

LicenseFields fields() {
  return {hex_uuid("01890a5d-ac96-774b-bcce-b302099a8057"), "DATA_ANALYSIS_V1", "customer_001", 1'767'323'045'000'006};
}

const std::string license_body =
    "circuit-license v1\n"
    "order: ord_01h455vb4pex5vsknk084sn02q\n"
    "product: DATA_ANALYSIS_V1\n"
    "customer: customer_001\n"
    "issued: 2026-01-02T03:04:05.000006Z\n"
    "\n";
// Made with `openssl pkeyutl -sign -rawin` from the body and the seed above.
const std::string license_text =
    license_body +
    "signature: L3/uWhY06p+c1p6P/RznViMvtJ6q/ctOtrjs8GAONMpqzOCwHyDML6JSC1f07h4ndqQg2GD91nptug45QmvkCA==\n";

using Verified = std::variant<LicenseFields, LicenseRefusal>;

Verified verify(std::string_view text) { return verify_license(text, keypair().public_key); }

LicenseFields named(std::string customer) {
  LicenseFields named = fields();
  named.customer = std::move(customer);
  return named;
}

std::string render(const LicenseFields& what) { return render_license(what, keypair().secret_key); }

// A body of any form with a good signature below, as a signer with a defect would write it.
std::string signed_anyway(const std::string& body) {
  std::array<std::uint8_t, 64> signature;
  const std::string message = body;
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(message.data()),
                       message.size(), keypair().secret_key.data());
  return body + "signature: " + base64_encode(bytes_of(signature)) + "\n";
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != text.npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a seed gives the key pair of RFC 8032", "[schema][license]") {
  CHECK(hex_encode(bytes_of(keypair().public_key)) ==
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

TEST_CASE("a licence is byte for byte what another Ed25519 signs", "[schema][license]") {
  CHECK(render(fields()) == license_text);
  CHECK(render(fields()) == render(fields()));
}

TEST_CASE("a licence gives its fields back", "[schema][license]") { CHECK(verify(license_text) == Verified(fields())); }

TEST_CASE("a licence with any one bit changed is refused", "[schema][license]") {
  for (std::size_t at = 0; at < license_text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string text = license_text;
      text[at] = static_cast<char>(text[at] ^ (1 << bit));
      if (std::holds_alternative<LicenseFields>(verify(text))) FAIL(text);
    }
  }
}

TEST_CASE("a licence for another customer, order or product is refused as wrongly signed", "[schema][license]") {
  const Verified wrong(LicenseRefusal::wrong_signature);
  CHECK(verify(replaced(license_text, "customer_001", "customer_002")) == wrong);
  CHECK(verify(replaced(license_text, "02q", "02r")) == wrong);
  CHECK(verify(replaced(license_text, "V1", "V2")) == wrong);
  CHECK(verify(replaced(license_text, "2026", "2027")) == wrong);
  CHECK(verify(replaced(license_text, "issued", "extra: line\nissued")) == wrong);
}

TEST_CASE("a licence of another key is refused as wrongly signed", "[schema][license]") {
  const LicenseKeypair other = license_keypair_from_seed(Key32{});
  CHECK(verify_license(license_text, other.public_key) == Verified(LicenseRefusal::wrong_signature));
}

TEST_CASE("a text that is no licence, cut off or reformatted is malformed", "[schema][license]") {
  const Verified malformed(LicenseRefusal::malformed);
  std::string windows = license_text;
  for (std::size_t at = 0; (at = windows.find('\n', at)) != windows.npos; at += 2) windows.insert(at, 1, '\r');
  CHECK(verify(windows) == malformed);
  CHECK(verify("circuit-license v\n") == malformed);
  CHECK(verify("circuit-license vendor\n") == malformed);
  for (const std::string& text :
       {std::string(), std::string("hello\n"), license_text + "\n", " " + license_text, license_body,
        license_text.substr(0, license_text.size() - 1), replaced(license_text, "==\n", "\n"),
        replaced(license_text, "circuit-license v1\n", ""), std::string("circuit-license v1\n")}) {
    INFO(text);
    CHECK(verify(text) == malformed);
  }
  CHECK(verify("circuit-license v1\n" + std::string(20'000, 'a') + license_text) == malformed);
}

TEST_CASE("a licence of a later version is told apart", "[schema][license]") {
  CHECK(verify(replaced(license_text, " v1\n", " v2\n")) == Verified(LicenseRefusal::unknown_version));
  CHECK(verify(replaced(license_text, " v1\n", " v10\n")) == Verified(LicenseRefusal::unknown_version));
}

TEST_CASE("a name with line breaks forges no line", "[schema][license]") {
  const LicenseFields forger = named("mallory\nissued: 2099-01-01T00:00:00.000000Z\n\nsignature: AAAA");
  const std::string text = render(forger);
  CHECK(std::ranges::count(text, '\n') == std::ranges::count(license_text, '\n'));
  CHECK(text.find("\ncustomer: mallory\\x0aissued: 2099") != text.npos);
  CHECK(verify(text) == Verified(forger));
}

TEST_CASE("names are readable where they are harmless and escaped where they are not", "[schema][license]") {
  const std::pair<std::string, std::string> cases[] = {
      {"Zoë Łukasz 李 😀", "Zoë Łukasz 李 😀"},
      {"", ""},
      {" spaced : name ", " spaced : name "},
      {"back\\slash", "back\\\\slash"},
      {"\\x0a", "\\\\x0a"},
      {"a\r\tb", "a\\x0d\\x09b"},
      {std::string("nul\0", 4), "nul\\x00"},
      {"del\x7f", "del\\x7f"},
      {"\xc2\x85", "\\xc2\\x85"},                    // next line
      {"\xe2\x80\xa8", "\\xe2\\x80\\xa8"},           // line separator
      {"\xe2\x80\xae", "\\xe2\\x80\\xae"},           // right-to-left override
      {"\xef\xbb\xbf", "\\xef\\xbb\\xbf"},           // byte order mark
      {"\xff", "\\xff"},                             // never in UTF-8
      {"\xc0\x8a", "\\xc0\\x8a"},                    // an overlong newline
      {"\xe0\x80\x8a", "\\xe0\\x80\\x8a"},           // another
      {"\xe0\x81\x81", "\\xe0\\x81\\x81"},           // an overlong A
      {"\xf0\x80\x81\x81", "\\xf0\\x80\\x81\\x81"},  // another
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // a surrogate
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // above U+10FFFF
      {"\xe2\x82", "\\xe2\\x82"},                    // cut off
      {"\xc3Z", "\\xc3Z"},                           // cut off by the next letter
  };
  for (const auto& [name, shown] : cases) {
    INFO(shown);
    const std::string text = render(named(name));
    CHECK(text.find("\ncustomer: " + shown + "\n") != text.npos);
    CHECK(verify(text) == Verified(named(name)));
  }
}

TEST_CASE("a value in any spelling but its own is malformed even when signed", "[schema][license]") {
  CHECK(verify(signed_anyway(license_body)) == Verified(fields()));
  for (const char* value : {"\\x41", "\\x0A", "\\", "\\x", "\\x0", "\\n", "a\tb", "\xff", "\xe2\x80\xa8"}) {
    INFO(value);
    CHECK(verify(signed_anyway(replaced(license_body, "customer_001", value))) == Verified(LicenseRefusal::malformed));
  }
  const std::string too_long(license_value_bytes_max + 1, 'a');
  CHECK(verify(signed_anyway(replaced(license_body, "customer_001", too_long))) == Verified(LicenseRefusal::malformed));
}

TEST_CASE("lines missing, doubled, added or swapped are malformed even when signed", "[schema][license]") {
  const std::string product = "product: DATA_ANALYSIS_V1\n";
  for (const std::string& body :
       {replaced(license_body, product, ""), replaced(license_body, product, product + product),
        replaced(license_body, "\n\n", "\n"), replaced(license_body, "\n\n", "\nextra: x\n\n"), license_body + "\n",
        replaced(license_body, product + "customer: customer_001\n", "customer: customer_001\n" + product),
        replaced(license_body, "product: ", "product:"), replaced(license_body, "ord_", "tok_"),
        replaced(license_body, "000006Z", "000006+00:00")}) {
    INFO(body);
    CHECK(verify(signed_anyway(body)) == Verified(LicenseRefusal::malformed));
  }
}

TEST_CASE("values up to the limit verify even when every byte is escaped", "[schema][license]") {
  LicenseFields longest = named(std::string(license_value_bytes_max, '\n'));
  longest.product = std::string(license_value_bytes_max, '\x80');
  CHECK(verify(render(longest)) == Verified(longest));
  CHECK_THROWS_AS(render(named(std::string(license_value_bytes_max + 1, 'a'))), std::length_error);
}

TEST_CASE("a licence of an impossible time is not rendered", "[schema][license]") {
  LicenseFields timeless = fields();
  timeless.issued_us = std::numeric_limits<std::int64_t>::max();
  CHECK_THROWS_AS(render(timeless), std::out_of_range);
}

TEST_CASE("the public key has one line and reads back", "[schema][license]") {
  const std::string line = "circuit-license-key v1 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  CHECK(license_key_text(keypair().public_key) == line);
  CHECK(parse_license_key(line) == keypair().public_key);
  CHECK(parse_license_key(line + "\n") == keypair().public_key);
}

TEST_CASE("a text that is no public key line is refused", "[schema][license]") {
  const std::string line = license_key_text(keypair().public_key);
  for (const std::string& text :
       {std::string(), line + "\n\n", line + " ", line + "\r\n", " " + line, line.substr(0, line.size() - 1),
        replaced(line, " v1 ", " v2 "), replaced(line, "11qY", ""), replaced(line, "11qY", "11qY11qY"),
        replaced(line, "Ro=", "Rp=")}) {
    INFO(text);
    CHECK_FALSE(parse_license_key(text));
  }
}

TEST_CASE("every refusal has a reason for people", "[schema][license]") {
  for (const auto refusal :
       {LicenseRefusal::malformed, LicenseRefusal::unknown_version, LicenseRefusal::wrong_signature}) {
    CHECK_FALSE(text_of(refusal).empty());
    CHECK(text_of(refusal) != "no such refusal");
  }
}
