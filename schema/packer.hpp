// Writes MessagePack into a string. Thin: the encoding is msgpack-cxx's.
#pragma once

#include <cstdint>
#include <msgpack.hpp>
#include <string>
#include <string_view>

#include "schema/document.hpp"

namespace circuit::schema {

class Packer {
 public:
  explicit Packer(std::string& out) : stream_{out}, packer_(stream_) {}

  Packer& map(std::uint32_t pairs) { return packer_.pack_map(pairs), *this; }
  Packer& array(std::uint32_t size) { return packer_.pack_array(size), *this; }
  Packer& text(std::string_view value) {
    packer_.pack_str(static_cast<std::uint32_t>(value.size()));
    packer_.pack_str_body(value.data(), static_cast<std::uint32_t>(value.size()));
    return *this;
  }
  Packer& binary(std::string_view value) {
    packer_.pack_bin(static_cast<std::uint32_t>(value.size()));
    packer_.pack_bin_body(value.data(), static_cast<std::uint32_t>(value.size()));
    return *this;
  }
  Packer& natural(std::uint64_t value) { return packer_.pack_uint64(value), *this; }
  Packer& integer(std::int64_t value) { return packer_.pack_int64(value), *this; }
  Packer& boolean(bool value) { return (value ? packer_.pack_true() : packer_.pack_false()), *this; }
  Packer& real(double value) { return packer_.pack_double(value), *this; }
  Packer& nil() { return packer_.pack_nil(), *this; }
  // Bytes that are already MessagePack.
  Packer& raw(std::string_view encoded) { return stream_.out.append(encoded), *this; }
  // A value read elsewhere, as it was (integer widths are the shortest again).
  Packer& value(const Document::Value& value);

 private:
  struct Stream {
    std::string& out;
    void write(const char* data, std::size_t size) { out.append(data, size); }
  };
  Stream stream_;
  msgpack::packer<Stream> packer_;
};

}  // namespace circuit::schema
