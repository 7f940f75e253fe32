// The promise of everything that schema/codec.hpp reads: what is read and written again reads as the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/codec.hpp"
#include "tests/fuzz/require.hpp"

namespace circuit::fuzz {

// Whether two values hold the same, whether a text came as str or as bin.
inline bool is_same(const schema::Document::Value& a, const schema::Document::Value& b) {
  const std::uint32_t children = a.is_map() ? 2 * a.size() : a.size();
  if (a.size() != b.size() || a.is_array() != b.is_array() || a.natural() != b.natural() ||
      a.integer() != b.integer() || a.boolean() != b.boolean() || a.bytes() != b.bytes())
    return false;
  schema::Document::Value at = a.first_child();
  schema::Document::Value other = b.first_child();
  for (std::uint32_t i = 0; i < children; ++i, at = at.next(), other = other.next())
    if (!is_same(at, other)) return false;
  return true;
}

// Whether the bytes are a T.
template <class T>
bool check_round_trip(std::string_view bytes) {
  schema::Document document;
  T first;
  if (!schema::decode(document, bytes, first)) return false;
  std::string once;
  schema::encode(once, first);
  schema::Document again;
  T second;
  require(schema::decode(again, once, second), "what was written is read");
  std::string twice;
  schema::encode(twice, second);
  require(once == twice, "what was read and written is the same");
  require(is_same(document.root(), again.root()), "nothing that came is left out or changed");
  // Integers are written as short as they can be, so a sender can only be longer; text may have been sent as str with
  // a header that is a byte shorter.
  require(once.size() <= 2 * bytes.size() + 16, "nothing grows by being written again");
  return true;
}

}  // namespace circuit::fuzz
