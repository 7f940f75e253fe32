// Any text as an identifier: one value has one text, and texts sort as their values do.
#include <algorithm>
#include <cstring>
#include <string>

#include "schema/order_id.hpp"
#include "tests/fuzz/require.hpp"

using namespace circuit;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::view_of(data, size);
  if (const auto id = schema::decode_typeid(text)) {
    require(schema::encode_typeid(id->prefix, id->uuid) == text, "an identifier has one text");
    const std::string_view prefix = id->prefix;
    require(prefix.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == prefix.npos, "a prefix has small letters");
    require(!prefix.starts_with('_') && !prefix.ends_with('_') && prefix.size() <= 63, "a prefix is one");
  }
  if (const auto order = schema::parse_order_id(text)) {
    require(schema::order_id_text(*order) == text, "an order id has one text");
    require(schema::decode_typeid(text).has_value(), "an order id is a TypeID");
  }
  schema::Uuid first{}, second{};
  std::memcpy(first.bytes.data(), data, std::min<std::size_t>(size, 16));
  if (size > 16) std::memcpy(second.bytes.data(), data + 16, std::min<std::size_t>(size - 16, 16));
  require(schema::parse_order_id(schema::order_id_text(first)) == first, "an order id says its value");
  require((first.bytes < second.bytes) == (schema::order_id_text(first) < schema::order_id_text(second)),
          "texts sort as their values do");
  return 0;
}
