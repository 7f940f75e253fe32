// Guesses how a CSV file is written: which delimiter, how many columns, and whether its first record names them.
//
// Looks at a sample from the start of the file only, so the cost does not grow with the file.
#pragma once

#include <cstddef>
#include <string_view>

namespace circuit::analysis {

struct Dialect {
  char delimiter = ',';
  bool has_header = true;
  // The number of fields that most sampled records have.
  std::size_t usual_width = 1;
};

[[nodiscard]] Dialect detect_dialect(std::string_view text);

}  // namespace circuit::analysis
