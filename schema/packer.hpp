// Writes MessagePack (the specification at msgpack.org), each value in its shortest form.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "schema/document.hpp"

namespace circuit::schema {

// A place in memory that is known to be large enough: scalar_bytes_max for each scalar and head, and the bytes of each
// text. For encoders that can say beforehand how much they write at most.
class PackCursor {
 public:
  static constexpr std::size_t scalar_bytes_max = 9;
  static constexpr std::size_t head_bytes_max = 5;

  explicit PackCursor(char* at) : at_(at) {}
  [[nodiscard]] char* at() const { return at_; }

  void map(std::uint32_t pairs) { pairs < 16 ? byte(0x80 | pairs) : head(pairs, 0xde); }
  void array(std::uint32_t size) { size < 16 ? byte(0x90 | size) : head(size, 0xdc); }
  void text(std::string_view value) {
    const auto size = static_cast<std::uint32_t>(value.size());
    if (size < 32)
      byte(0xa0 | size);
    else if (size < 256)
      byte(0xd9), byte(size);
    else
      head(size, 0xda);
    bytes(value);
  }
  void binary(std::string_view value) {
    const auto size = static_cast<std::uint32_t>(value.size());
    if (size < 256)
      byte(0xc4), byte(size);
    else
      head(size, 0xc5);
    bytes(value);
  }
  void natural(std::uint64_t value) {
    if (value < 0x80) return byte(static_cast<std::uint32_t>(value));
    if (value <= 0xff) return byte(0xcc), byte(static_cast<std::uint32_t>(value));
    if (value <= 0xffff) return byte(0xcd), big_endian(__builtin_bswap16(static_cast<std::uint16_t>(value)));
    if (value <= 0xffffffff) return byte(0xce), big_endian(__builtin_bswap32(static_cast<std::uint32_t>(value)));
    nine_bytes(value);
  }
  void integer(std::int64_t value) {
    if (value >= 0) return natural(static_cast<std::uint64_t>(value));
    const auto bits = static_cast<std::uint64_t>(value);
    if (value >= -32) return byte(static_cast<std::uint32_t>(bits & 0xff));
    if (value >= INT8_MIN) return byte(0xd0), byte(static_cast<std::uint32_t>(bits & 0xff));
    if (value >= INT16_MIN) return byte(0xd1), big_endian(__builtin_bswap16(static_cast<std::uint16_t>(bits)));
    if (value >= INT32_MIN) return byte(0xd2), big_endian(__builtin_bswap32(static_cast<std::uint32_t>(bits)));
    byte(0xd3), big_endian(__builtin_bswap64(bits));
  }
  // In its longest form, whatever its value.
  void nine_bytes(std::uint64_t value) { byte(0xcf), big_endian(__builtin_bswap64(value)); }
  void boolean(bool value) { byte(value ? 0xc3 : 0xc2); }
  void real(double value) { byte(0xcb), big_endian(__builtin_bswap64(std::bit_cast<std::uint64_t>(value))); }
  void nil() { byte(0xc0); }
  void bytes(std::string_view encoded) {
    if (encoded.empty()) return;  // its pointer may be null, which memcpy must not see
    std::memcpy(at_, encoded.data(), encoded.size());
    at_ += encoded.size();
  }

 private:
  static_assert(std::endian::native == std::endian::little);

  void byte(std::uint32_t value) { *at_++ = static_cast<char>(value); }
  template <class T>
  void big_endian(T swapped) {
    std::memcpy(at_, &swapped, sizeof swapped);
    at_ += sizeof swapped;
  }
  // A mark and a size of two bytes, or the next mark and one of four.
  void head(std::uint32_t size, std::uint32_t mark) {
    if (size <= 0xffff) return byte(mark), big_endian(__builtin_bswap16(static_cast<std::uint16_t>(size)));
    byte(mark + 1), big_endian(__builtin_bswap32(size));
  }

  char* at_;
};

// Gives `write` a cursor behind the string's end, with room for `bytes_max` bytes, and keeps what it wrote.
template <class Write>
void append_packed(std::string& out, std::size_t bytes_max, Write&& write) {
  const std::size_t before = out.size();
  // Growing by what is missing alone would copy the string again for each value.
  if (out.capacity() - before < bytes_max) out.reserve(std::max(2 * out.capacity(), before + bytes_max));
  out.resize(before + bytes_max);
  PackCursor cursor(out.data() + before);
  write(cursor);
  out.resize(static_cast<std::size_t>(cursor.at() - out.data()));
}

// The same into a string that grows, value by value.
class Packer {
 public:
  explicit Packer(std::string& out) : out_(out) {}

  Packer& map(std::uint32_t pairs) {
    return put([&](PackCursor& cursor) { cursor.map(pairs); });
  }
  Packer& array(std::uint32_t size) {
    return put([&](PackCursor& cursor) { cursor.array(size); });
  }
  Packer& text(std::string_view value) {
    append_packed(out_, PackCursor::head_bytes_max + value.size(), [&](PackCursor& cursor) { cursor.text(value); });
    return *this;
  }
  Packer& binary(std::string_view value) {
    append_packed(out_, PackCursor::head_bytes_max + value.size(), [&](PackCursor& cursor) { cursor.binary(value); });
    return *this;
  }
  Packer& natural(std::uint64_t value) {
    return put([&](PackCursor& cursor) { cursor.natural(value); });
  }
  Packer& integer(std::int64_t value) {
    return put([&](PackCursor& cursor) { cursor.integer(value); });
  }
  Packer& boolean(bool value) {
    return put([&](PackCursor& cursor) { cursor.boolean(value); });
  }
  Packer& real(double value) {
    return put([&](PackCursor& cursor) { cursor.real(value); });
  }
  Packer& nil() {
    return put([&](PackCursor& cursor) { cursor.nil(); });
  }
  // Bytes that are already MessagePack.
  Packer& raw(std::string_view encoded) { return out_.append(encoded), *this; }
  // A value read elsewhere, as it was (integer widths are the shortest again).
  Packer& value(const Document::Value& value);

 private:
  template <class Write>
  Packer& put(Write&& write) {
    char scalar[PackCursor::scalar_bytes_max];
    PackCursor cursor(scalar);
    write(cursor);
    out_.append(scalar, static_cast<std::size_t>(cursor.at() - scalar));
    return *this;
  }

  std::string& out_;
};

}  // namespace circuit::schema
