// What the relay says of whom it speaks for: the frame between its own routing id and the peer's request, which the
// broker sends back with the reply as it came. A MessagePack array of four: the peer's routing id, its upstream's name,
// its address, and whether it framed its request with a delimiter.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/document.hpp"

namespace circuit::schema {

struct Relayed {
  std::string_view routing_id;  // views into the frame, once it was decoded
  std::string_view upstream;
  std::string_view address;
  bool delimiter = false;
};

[[nodiscard]] std::string encode_relayed(const Relayed& relayed);

// Nothing when the bytes are no such frame. `document` is for the parse.
[[nodiscard]] std::optional<Relayed> decode_relayed(Document& document, std::string_view bytes);

}  // namespace circuit::schema
