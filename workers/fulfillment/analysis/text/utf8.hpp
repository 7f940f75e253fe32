// UTF-8 text: is it valid, how is it cut, and how is it shown without letting it take over the page.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace circuit::analysis {

// Offset of the first byte that is not well-formed UTF-8 (Unicode 15, table 3-7: no overlong forms, no
// surrogates, nothing above U+10FFFF), or `npos` if all of the text is.
[[nodiscard]] std::size_t find_invalid_utf8(std::string_view text);

// Decodes the code point at `at` and moves `at` behind it. The text must be valid UTF-8.
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& at);

[[nodiscard]] std::size_t count_code_points(std::string_view text);

// The text itself, or its first `code_points_max - 1` code points and an ellipsis. The text must be valid UTF-8.
[[nodiscard]] std::string clip(std::string_view text, std::size_t code_points_max);

// True for what a reader does not see but a terminal or a browser obeys: control characters, line and
// paragraph separators, and the marks that turn the direction of text around them.
[[nodiscard]] bool is_unsafe(char32_t code_point);

// The text with every unsafe code point replaced by a visible stand-in (U+2400.. for the ASCII controls, U+FFFD
// for the rest), so that it can neither drive a terminal nor disguise its neighbours.
[[nodiscard]] std::string neutralised(std::string_view text);

}  // namespace circuit::analysis
