#include "workers/fulfillment/sentence.hpp"

#include "schema/document.hpp"

namespace circuit::fulfillment {
namespace {

// Of the character that begins with this byte, if it is UTF-8.
std::size_t bytes_of_character(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  return byte >= 0xc0 ? 2 : 1;
}

}  // namespace

std::string printable_line(std::string_view text, std::size_t bytes_max) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  text = text.substr(0, text.find('\n'));
  std::string line;
  while (!text.empty()) {
    std::string_view character = text.substr(0, bytes_of_character(text.front()));
    std::string_view shown = character;
    if (!schema::is_utf8(character)) {
      character = text.substr(0, 1);
      shown = "?";
    } else if (!schema::is_printable_utf8(character)) {
      shown = " ";
    }
    if (line.size() + shown.size() > bytes_max) break;
    line += shown;
    text.remove_prefix(character.size());
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace circuit::fulfillment
