// Guesses how a CSV file is written: which delimiter, how many columns, what stands above the table, and whether its
// first record names the columns.
//
// Looks at a sample from the start of the file only, so the cost does not grow with the file.
#pragma once

#include <cstddef>
#include <string_view>

#include "workers/fulfillment/analysis/reading/header.hpp"
#include "workers/fulfillment/analysis/reading/record_splitter.hpp"
#include "workers/fulfillment/analysis/reading/text_window.hpp"

namespace circuit::analysis {

struct Dialect {
  char delimiter = ',';
  double delimiter_confidence = 1;   // 0 to 1
  std::size_t usual_width = 1;       // the number of fields that most sampled records have
  std::size_t preamble_records = 0;  // above the table: a title, say, in fewer fields than the table has
  std::size_t header_width = 0;      // names in the header, but for empty ones beyond the usual width
  bool has_header = true;
  double header_confidence = 1;  // 0 to 1
};

// The records of the start of a file, the header (if there is one) first; without comments and preamble.
struct Sample {
  Records records;
  Arena arena;
};

// Whether a record is a comment: it begins with #, and has not as many fields as the others. Where they have one, a
// space must follow the #, which may as well be the first letter of a value there. `record` may end with a line end.
[[nodiscard]] bool is_comment(std::string_view record, std::size_t width, std::size_t usual_width);

// Reads ahead in `window` as far as it must, and consumes nothing. `sample` is filled with up to 400 records, which
// view the window's text; no records if the file has none, or window.failure() is set.
[[nodiscard]] Dialect detect_dialect(TextWindow& window, Sample& sample);

}  // namespace circuit::analysis
