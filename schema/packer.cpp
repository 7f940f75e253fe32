#include "schema/packer.hpp"

namespace circuit::schema {

Packer& Packer::value(const Document::Value& value) {
  using Kind = Document::Kind;
  switch (value.kind()) {
    case Kind::nil: return nil();
    case Kind::boolean: return boolean(*value.boolean());
    case Kind::unsigned_integer: return natural(*value.natural());
    case Kind::negative_integer: return integer(*value.integer());
    case Kind::real: return real(*value.real());
    case Kind::string: return text(*value.string());
    case Kind::binary: return binary(*value.bytes());
    case Kind::array: array(value.size()); break;
    case Kind::map: map(value.size()); break;
  }
  Document::Value child = value.first_child();
  const std::uint32_t children = value.is_map() ? 2 * value.size() : value.size();
  for (std::uint32_t i = 0; i < children; ++i, child = child.next()) this->value(child);
  return *this;
}

}  // namespace circuit::schema
