#include "schema/relayed.hpp"

#include "schema/packer.hpp"

namespace circuit::schema {

std::string encode_relayed(const Relayed& relayed) {
  std::string out;
  Packer(out)
      .array(4)
      .binary(relayed.routing_id)
      .text(relayed.upstream)
      .text(relayed.address)
      .boolean(relayed.delimiter);
  return out;
}

std::optional<Relayed> decode_relayed(Document& document, std::string_view bytes) {
  if (document.parse(bytes)) return std::nullopt;
  const Document::Value root = document.root();
  if (!root.is_array() || root.size() != 4) return std::nullopt;
  const Document::Value routing_id = root.first_child();
  const Document::Value upstream = routing_id.next();
  const Document::Value address = upstream.next();
  const Document::Value delimiter = address.next();
  if (!routing_id.bytes() || !upstream.string() || !address.string() || !delimiter.boolean()) return std::nullopt;
  return Relayed{*routing_id.bytes(), *upstream.string(), *address.string(), *delimiter.boolean()};
}

}  // namespace circuit::schema
