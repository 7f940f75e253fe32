#include "broker/config/bare_text.hpp"

#include <catch2/catch.hpp>

#include "broker/config/config_error.hpp"
#include "broker/config/load.hpp"

using circuit::config::ConfigError;
using circuit::config::first_foreign_byte;
using circuit::config::parse_settings;

TEST_CASE("characters outside of ASCII are found in keys, and not in strings and comments") {
  CHECK_FALSE(first_foreign_byte(""));
  CHECK_FALSE(first_foreign_byte("# gr\xc3\xbc\xc3\x9f\n[limits]\n"));
  CHECK_FALSE(first_foreign_byte("a = \"\xc3\xbc \\\" \xc3\xbc\" # \xc3\xbc"));
  CHECK_FALSE(first_foreign_byte("a = '\xc3\xbc\\'\nb = '''\n\xc3\xbc'\n''' # \xc3\xbc\n"));
  CHECK_FALSE(first_foreign_byte("a = \"\"\"\n\xc3\xbc\"\" \\\"\"\" \xc3\xbc\n\"\"\"\n"));
  CHECK_FALSE(first_foreign_byte("\xef\xbb\xbf[limits]\n"));
  const auto place = first_foreign_byte("a = 1\n  b\xce\x8d = 1\n");
  REQUIRE(place);
  CHECK(place->line == 2);
  CHECK(place->column == 4);
  CHECK(first_foreign_byte("a = \"x\"\xce\x8d"));
  CHECK(first_foreign_byte("a = \"open\n\xce\x8d = 1"));
}

// The parser ran into undefined behaviour there.
TEST_CASE("a key with a character outside of ASCII is refused with its line") {
  try {
    (void)parse_settings("[limits]\n\xce\x8d = 1\n", "circuit.toml");
    FAIL("it was taken");
  } catch (const ConfigError& error) {
    CHECK(std::string(error.what()).starts_with("circuit.toml:2:1: "));
  }
}
