// The promise of everything that schema/codec.hpp reads: what is read and written again reads as the same.
#pragma once

#include <string>
#include <string_view>

#include "schema/codec.hpp"
#include "tests/fuzz/require.hpp"

namespace circuit::fuzz {

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
  require(document.root().node_count() == again.root().node_count(), "nothing that came is left out");
  // Integers are written as short as they can be, so a sender can only be longer; text may have been sent as str with
  // a header that is a byte shorter.
  require(once.size() <= 2 * bytes.size() + 16, "nothing grows by being written again");
  return true;
}

}  // namespace circuit::fuzz
