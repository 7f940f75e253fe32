// Any line of the audit log: what is accepted is exactly framed.
#include <string>

#include "schema/audit_line.hpp"
#include "tests/fuzz/require.hpp"

using namespace circuit;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::view_of(data, size);
  if (const auto number = schema::parse_audit_segment_name(text))
    require(schema::audit_segment_name(*number) == text, "a segment has one name");
  const auto frame = schema::parse_audit_line(text);
  if (!frame) return 0;
  require(size <= schema::audit_line_bytes_max, "a line is bounded");
  require(text.starts_with(R"({"seq":)" + std::to_string(frame->seq) + ','), "a number has one text");
  require(frame->prev.size() == schema::hash_hex_bytes && frame->prev.data() > text.data() &&
              frame->prev.data() + frame->prev.size() < text.data() + text.size(),
          "the hash stands in the line");
  require(frame->prev.find_first_not_of("0123456789abcdef") == std::string_view::npos, "a hash has one text");
  for (const char c : text) require(static_cast<unsigned char>(c) >= 0x20, "a line has no control characters");
  require(!schema::parse_audit_line(text.substr(0, size - 1)), "a line that was cut is none");
  require(!schema::parse_audit_line(std::string(text) + ' '), "a line with something behind it is none");
  return 0;
}
