// Identifiers for tests, from the usual text with hyphens. Anything malformed fails the test.
#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <string_view>

#include "schema/crypto.hpp"
#include "schema/uuid.hpp"

inline circuit::schema::Uuid hex_uuid(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '-');
  circuit::schema::Uuid uuid;
  REQUIRE(circuit::schema::hex_decode(digits, uuid.bytes));
  return uuid;
}
