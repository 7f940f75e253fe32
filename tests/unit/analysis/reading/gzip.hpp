// Text compressed by zlib, for tests.
#pragma once

#include <zlib.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace circuit::analysis {

// One member (RFC 1952).
inline std::string gzipped(std::string_view text) {
  z_stream stream{};
  constexpr int gzip_window_bits = 15 + 16;
  if (::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string result(::deflateBound(&stream, static_cast<uLong>(text.size())) + 32, '\0');
  std::string copy(text);
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  const int outcome = ::deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  ::deflateEnd(&stream);
  if (outcome != Z_STREAM_END) throw std::runtime_error("deflate");
  return result;
}

}  // namespace circuit::analysis
