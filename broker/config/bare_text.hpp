// TOML 1.0 has characters outside of ASCII in strings and comments only. The parser that we use does not check this for
// all of them (toml++ 3.3 runs into undefined behaviour), so it is looked at before.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace circuit::config {

struct TextPlace {
  std::size_t line = 1;
  std::size_t column = 1;  // in bytes
};

// Where the first byte above 0x7f stands that is in no string and no comment; nothing when there is none. A byte order
// mark at the beginning is left out.
[[nodiscard]] std::optional<TextPlace> first_foreign_byte(std::string_view text);

}  // namespace circuit::config
