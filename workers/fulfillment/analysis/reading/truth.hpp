// Words that say yes or no.
#pragma once

#include <optional>
#include <string_view>

namespace circuit::analysis {

// Whether two different words (of any case) are the two sides of one question: true and false, yes and no, y and n, t
// and f, on and off. Then the one that says yes.
[[nodiscard]] std::optional<std::string_view> yes_of(std::string_view first, std::string_view second);

// A word that is a side of such a question by itself, in full: true, false, yes, no.
[[nodiscard]] bool is_truth(std::string_view cell);

}  // namespace circuit::analysis
