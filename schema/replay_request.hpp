// What a subscriber asks for past events: { "type": "replay", "from_seq": N, "max": M } (DESIGN §3.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "schema/document.hpp"

namespace circuit::schema {

struct ReplayRequest {
  std::uint64_t from_seq = 1;
  std::optional<std::uint64_t> max;  // nothing: as many as the broker gives
};

// Nothing when the bytes are no such request. `document` is for the parse.
[[nodiscard]] std::optional<ReplayRequest> decode_replay_request(Document& document, std::string_view bytes);

}  // namespace circuit::schema
