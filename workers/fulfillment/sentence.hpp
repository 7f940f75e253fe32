// Makes foreign text fit for the audit log and for customers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace circuit::fulfillment {

// The first line that has something in it, as printable UTF-8 of at most `bytes_max` bytes: control characters become
// blanks, bytes that are no UTF-8 become '?', blanks at both ends go. Empty when nothing is left.
[[nodiscard]] std::string printable_line(std::string_view text, std::size_t bytes_max);

}  // namespace circuit::fulfillment
