// "Did you mean …?"
#pragma once

#include <span>
#include <string_view>

namespace circuit::config {

// The candidate with the fewest letters to insert, delete, replace or swap with their neighbour; the first of several;
// "" when there is none, or when none shares enough with the word to be what was meant (more than half of it would
// change).
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace circuit::config
