#include "broker/config/bare_text.hpp"

#include <algorithm>

namespace circuit::config {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

// Behind the string that begins at `at` with its quotes; the end of the text, or of the line for a string of one line,
// when it is not closed.
std::size_t behind_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string_view long_quotes = quote == '"' ? R"(""")" : "'''";
  const bool is_long = text.substr(at).starts_with(long_quotes);
  const std::string_view end = is_long ? long_quotes : long_quotes.substr(0, 1);
  for (at += end.size(); at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\')
      ++at;
    else if (text.substr(at).starts_with(end))
      return at + end.size();
    else if (!is_long && text[at] == '\n')
      return at;
  }
  return text.size();
}

TextPlace place_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_begin = before.rfind('\n') + 1;  // 0 in the first line
  return {static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1, at - line_begin + 1};
}

}  // namespace

std::optional<TextPlace> first_foreign_byte(std::string_view text) {
  for (std::size_t at = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0; at < text.size();) {
    if (text[at] == '"' || text[at] == '\'') {
      at = behind_string(text, at);
    } else if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (static_cast<unsigned char>(text[at]) > 0x7f) {
      return place_of(text, at);
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

}  // namespace circuit::config
