#include "workers/fulfillment/analysis/report/text_lines.hpp"

#include <algorithm>

#include "workers/fulfillment/analysis/text/utf8.hpp"

namespace circuit::analysis {
namespace {

// The blocks of Unicode Standard Annex #11 whose letters are wide, and emoji. Marks that add no width count one here: a
// line then is shorter than it could be, never longer.
constexpr char32_t wide[][2] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97F},
                                {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                                {0xFFE0, 0xFFE6},   {0x16FE0, 0x18DFF}, {0x1AFF0, 0x1B2FF}, {0x1F000, 0x1FAFF},
                                {0x20000, 0x3FFFD}, {0x231A, 0x231B},   {0x23E9, 0x23F3},   {0x25FD, 0x25FE},
                                {0x2614, 0x2615},   {0x2648, 0x27BF},   {0x2B1B, 0x2B55}};

std::size_t width_of(char32_t c) {
  return std::ranges::any_of(wide, [c](const char32_t(&range)[2]) { return c >= range[0] && c <= range[1]; }) ? 2 : 1;
}

// How many bytes of `text` fit into `width`.
std::size_t fitting_bytes(std::string_view text, std::size_t width) {
  std::size_t at = 0;
  for (std::size_t used = 0; at < text.size();) {
    std::size_t next = at;
    used += width_of(next_code_point(text, next));
    if (used > width) break;
    at = next;
  }
  return at;
}

// The bytes of the next line: up to the last space that fits, or as much of a word as fits.
std::size_t line_bytes(std::string_view text, std::size_t width) {
  const std::size_t fitting = fitting_bytes(text, width);
  if (fitting == text.size() || text[fitting] == ' ') return fitting;
  const std::size_t space = text.rfind(' ', fitting);
  return space == std::string_view::npos || space == 0 ? std::max<std::size_t>(fitting, 1) : space;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += width_of(next_code_point(text, at));
  return width;
}

std::string fitted(std::string_view text, std::size_t width) {
  std::string shown = neutralised(text);
  if (display_width(shown) > width) shown = shown.substr(0, fitting_bytes(shown, width - 1)) + "…";
  return shown.append(width - display_width(shown), ' ');
}

void put_wrapped(std::string& out, std::string_view lead, std::string_view text, std::size_t width,
                 std::size_t lines_max) {
  const std::string shown = neutralised(text);
  const std::size_t indent = display_width(lead);
  std::string_view rest = shown;
  for (std::size_t line = 0; line < lines_max && (line == 0 || !rest.empty()); ++line) {
    if (line == 0)
      out += lead;
    else
      out.append(indent, ' ');
    const bool is_last = line + 1 == lines_max;
    const std::size_t bytes = line_bytes(rest, width - indent);
    if (is_last && bytes < rest.size())
      out += rest.substr(0, line_bytes(rest, width - indent - 2)), out += " …";
    else
      out += rest.substr(0, bytes);
    out += '\n';
    rest.remove_prefix(bytes);
    while (rest.starts_with(' ')) rest.remove_prefix(1);
  }
}

}  // namespace circuit::analysis
