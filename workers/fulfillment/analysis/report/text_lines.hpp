// Plain text in lines of a given width, as a terminal counts it: what is written in double width counts two.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace circuit::analysis {

// All texts here are shown as neutralised() leaves them.
[[nodiscard]] std::size_t display_width(std::string_view text);

// Filled up with spaces to `width`, or cut there with an ellipsis. At least 1 wide.
[[nodiscard]] std::string fitted(std::string_view text, std::size_t width);

// Appends `text` as lines of at most `width`, each with its line end; the first begins with `lead`, the others with as
// many spaces. Breaks at spaces, and inside of words that are longer than a line. Lines beyond `lines_max` are cut off
// with an ellipsis.
void put_wrapped(std::string& out, std::string_view lead, std::string_view text, std::size_t width,
                 std::size_t lines_max);

}  // namespace circuit::analysis
