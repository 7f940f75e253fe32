// What the tests of splitting share: a text cut into records, as plain strings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workers/fulfillment/analysis/reading/record_splitter.hpp"
#include "workers/fulfillment/analysis/reading/text_window.hpp"

namespace circuit::analysis {

using Rows = std::vector<std::vector<std::string>>;

struct SplitText {
  Rows rows;
  std::size_t blank_lines = 0;
  std::size_t stray_quotes = 0;
  std::size_t unclosed_quotes = 0;
  std::size_t rest = 0;  // bytes behind the last whole record
};

// Without `is_last`, as if more text came behind it.
inline SplitText split_text(std::string_view text, char delimiter = ',', bool is_last = true) {
  // Behind the text stands what must not be taken for a part of it.
  const std::string padded = std::string(text) + std::string(TextWindow::padding_bytes, '"');
  Arena arena;
  RecordSplitter splitter({padded.data(), text.size()}, is_last, delimiter, arena);
  SplitText result;
  for (;;) {
    result.blank_lines += splitter.skip_blank_lines();
    if (splitter.is_done()) break;
    std::vector<std::string> row;
    const auto outcome = splitter.next([&](std::string_view field) { row.emplace_back(field); });
    if (outcome == RecordSplitter::Result::incomplete) break;
    if (outcome == RecordSplitter::Result::record) {
      result.rows.push_back(row);
    } else {
      ++result.unclosed_quotes;
      splitter.read_quote_literally();
    }
  }
  result.stray_quotes = splitter.stray_quotes();
  result.rest = text.size() - splitter.at();
  return result;
}

}  // namespace circuit::analysis
