// A customer's text inside HTML. Nothing that came from the input may reach a page in any other way.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace circuit::analysis {

// Safe between tags and inside double-quoted attributes: clipped, unsafe code points replaced, and & < > " ' written as
// entities. `text` must be valid UTF-8.
[[nodiscard]] std::string html_text(std::string_view text, std::size_t code_points_max = 400);

}  // namespace circuit::analysis
