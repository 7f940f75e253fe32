#include "workers/fulfillment/analysis/reading/gunzip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t input_bytes = 64 * 1024;
// 15 bits of window, and 16 for "gzip only" (zlib.h, inflateInit2).
constexpr int gzip_window_bits = 15 + 16;

}  // namespace

Gunzip::Gunzip(Source& compressed, std::size_t expanded_bytes_max)
    : compressed_(compressed), expanded_bytes_max_(expanded_bytes_max), input_(input_bytes) {
  if (::inflateInit2(&stream_, gzip_window_bits) != Z_OK) throw std::bad_alloc();
}

Gunzip::~Gunzip() { ::inflateEnd(&stream_); }

void Gunzip::rewind() {
  compressed_.rewind();
  ::inflateReset(&stream_);
  stream_.avail_in = 0;
  expanded_bytes_ = 0;
  is_between_members_ = true;
  has_member_ = false;
  is_done_ = false;
  failure_.reset();
}

std::size_t Gunzip::read(char* to, std::size_t size) {
  stream_.next_out = reinterpret_cast<Bytef*>(to);
  stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(size, std::size_t{1} << 30));
  const uInt room = stream_.avail_out;
  while (stream_.avail_out > 0 && !is_done_ && !failure_)
    if (!inflate_some()) break;
  const std::size_t got = room - stream_.avail_out;
  expanded_bytes_ += got;
  if (!failure_ && expanded_bytes_ > expanded_bytes_max_)
    failure_ = Failure{"input_expands_too_far", fmt::format("The compressed file expands to more than {}; that is more "
                                                            "than can be analyzed.",
                                                            counted(expanded_bytes_max_, "byte"))};
  return failure_ ? 0 : got;
}

bool Gunzip::refill() {
  const std::size_t got = compressed_.read(input_.data(), input_.size());
  stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
  stream_.avail_in = static_cast<uInt>(got);
  return got > 0;
}

bool Gunzip::inflate_some() {
  if (stream_.avail_in == 0 && !refill()) {
    // The end is only good between two members.
    if (!is_between_members_) damaged();
    is_done_ = true;
    return false;
  }
  // Padding by zeros after the last member is common (tape blocks) and harmless.
  if (is_between_members_ && has_member_ && *stream_.next_in == 0) {
    ++stream_.next_in;
    --stream_.avail_in;
    return true;
  }
  is_between_members_ = false;
  const int result = ::inflate(&stream_, Z_NO_FLUSH);
  if (result == Z_STREAM_END) {
    ::inflateReset(&stream_);
    is_between_members_ = true;
    has_member_ = true;
  } else if (result != Z_OK && result != Z_BUF_ERROR) {
    damaged();
  }
  return !failure_;
}

void Gunzip::damaged() {
  failure_ = Failure{"gzip_damaged",
                     "The compressed (gzip) file is damaged or cut off: it cannot be expanded to its end. Please "
                     "compress it again, or send it uncompressed."};
}

}  // namespace circuit::analysis
