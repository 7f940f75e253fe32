#include "workers/fulfillment/analysis/text/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace circuit::analysis {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

std::size_t sequence_length(unsigned lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

// Length of the well-formed multi-byte sequence at `at`, or 0. Only the second byte has a range that depends on
// the lead byte; that range is what excludes overlong forms, surrogates and values above U+10FFFF.
std::size_t well_formed_length(std::string_view text, std::size_t at) {
  const unsigned lead = byte_at(text, at);
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = sequence_length(lead);
  if (text.size() - at < length) return 0;
  const unsigned low = lead == 0xE0 ? 0xA0u : lead == 0xF0 ? 0x90u : 0x80u;
  const unsigned high = lead == 0xED ? 0x9Fu : lead == 0xF4 ? 0x8Fu : 0xBFu;
  const unsigned second = byte_at(text, at + 1);
  if (second < low || second > high) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((byte_at(text, at + i) & 0xC0u) != 0x80u) return 0;
  return length;
}

bool is_ascii_block(const char* data) {
  std::uint64_t block = 0;
  std::memcpy(&block, data, sizeof block);
  return (block & 0x8080808080808080u) == 0;
}

}  // namespace

std::size_t find_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8 && is_ascii_block(text.data() + at)) {
      at += 8;
    } else if (byte_at(text, at) < 0x80) {
      ++at;
    } else {
      const std::size_t length = well_formed_length(text, at);
      if (length == 0) return at;
      at += length;
    }
  }
  return std::string_view::npos;
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const unsigned lead = byte_at(text, at);
  const std::size_t length = sequence_length(lead);
  char32_t code_point = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) code_point = (code_point << 6) | (byte_at(text, at + i) & 0x3Fu);
  at += length;
  return code_point;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
  return count;
}

std::string clip(std::string_view text, std::size_t code_points_max) {
  std::size_t at = 0;
  std::size_t cut = 0;
  for (std::size_t count = 0; at < text.size(); ++count) {
    if (count + 1 == code_points_max) cut = at;
    if (count == code_points_max) return std::string(text.substr(0, cut)) + "…";
    at += sequence_length(byte_at(text, at));
  }
  return std::string(text);
}

bool is_unsafe(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return true;
  const bool is_direction_mark =
      c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return is_direction_mark || c == 0x2028 || c == 0x2029 || c == 0xFEFF;
}

std::string neutralised(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t c = next_code_point(text, at);
    if (!is_unsafe(c)) {
      result += text.substr(start, at - start);
    } else if (c < 0x20) {
      result += "\xE2\x90";
      result += static_cast<char>(0x80 + c);
    } else {
      result += c == 0x7F ? "\u2421" : "\uFFFD";
    }
  }
  return result;
}

}  // namespace circuit::analysis
