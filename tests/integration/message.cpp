#include "tests/integration/message.hpp"

#include <bit>
#include <msgpack.hpp>
#include <stdexcept>

namespace circuit::integration {
namespace {

using Packer = msgpack::packer<msgpack::sbuffer>;

void pack_bytes(Packer& packer, const std::vector<std::uint8_t>& bytes) {
  packer.pack_bin(static_cast<std::uint32_t>(bytes.size()));
  packer.pack_bin_body(reinterpret_cast<const char*>(bytes.data()), static_cast<std::uint32_t>(bytes.size()));
}

// The library's own way makes an integer of a double that has no fraction.
void pack_double(msgpack::sbuffer& buffer, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  std::string bytes = "\xcb";
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(bits >> shift & 0xff);
  buffer.write(bytes.data(), bytes.size());
}

void pack_value(msgpack::sbuffer& buffer, const Json& value) {
  Packer packer(buffer);
  switch (value.type()) {
    case Json::value_t::boolean: packer.pack(value.get<bool>()); break;
    case Json::value_t::number_integer: packer.pack(value.get<std::int64_t>()); break;
    case Json::value_t::number_unsigned: packer.pack(value.get<std::uint64_t>()); break;
    case Json::value_t::number_float: pack_double(buffer, value.get<double>()); break;
    case Json::value_t::string: packer.pack(value.get_ref<const std::string&>()); break;
    case Json::value_t::binary: pack_bytes(packer, value.get_binary()); break;
    case Json::value_t::array:
      packer.pack_array(static_cast<std::uint32_t>(value.size()));
      for (const Json& child : value) pack_value(buffer, child);
      break;
    case Json::value_t::object:
      packer.pack_map(static_cast<std::uint32_t>(value.size()));
      for (const auto& [key, child] : value.items()) {
        packer.pack(key);
        pack_value(buffer, child);
      }
      break;
    default: packer.pack_nil();
  }
}

Json json_of(const msgpack::object& value) {
  switch (value.type) {
    case msgpack::type::BOOLEAN: return value.via.boolean;
    case msgpack::type::POSITIVE_INTEGER: return value.via.u64;
    case msgpack::type::NEGATIVE_INTEGER: return value.via.i64;
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64: return value.via.f64;
    case msgpack::type::STR: return std::string(value.via.str.ptr, value.via.str.size);
    case msgpack::type::BIN: return binary({value.via.bin.ptr, value.via.bin.size});
    case msgpack::type::ARRAY: {
      Json array = Json::array();
      for (std::uint32_t i = 0; i < value.via.array.size; ++i) array.push_back(json_of(value.via.array.ptr[i]));
      return array;
    }
    case msgpack::type::MAP: {
      Json map = Json::object();
      for (std::uint32_t i = 0; i < value.via.map.size; ++i)
        map[value.via.map.ptr[i].key.as<std::string>()] = json_of(value.via.map.ptr[i].val);
      return map;
    }
    case msgpack::type::NIL: return nullptr;
    case msgpack::type::EXT: break;
  }
  throw std::runtime_error("a MessagePack value of a kind that Circuit never sends");
}

}  // namespace

std::string packed(const Json& value) {
  msgpack::sbuffer buffer;
  pack_value(buffer, value);
  return {buffer.data(), buffer.size()};
}

Json unpacked(std::string_view bytes) {
  std::size_t read = 0;
  const msgpack::object_handle handle = msgpack::unpack(bytes.data(), bytes.size(), read);
  if (read != bytes.size()) throw std::runtime_error("there are bytes behind a MessagePack value");
  return json_of(handle.get());
}

Json binary(std::string_view bytes) { return Json::binary(std::vector<std::uint8_t>(bytes.begin(), bytes.end())); }

}  // namespace circuit::integration
