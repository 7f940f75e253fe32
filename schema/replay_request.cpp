#include "schema/replay_request.hpp"

namespace circuit::schema {

std::optional<ReplayRequest> decode_replay_request(Document& document, std::string_view bytes) {
  if (document.parse(bytes)) return std::nullopt;
  const auto type = document.root().find("type");
  const auto from = document.root().find("from_seq");
  const auto max = document.root().find("max");
  if (!type || type.string() != "replay" || !from || !from.natural()) return std::nullopt;
  ReplayRequest request;
  request.from_seq = *from.natural();
  if (max) request.max = max.natural();
  return request;
}

}  // namespace circuit::schema
