// Reads a file as blocks of records, and counts everything about it that is not as one would expect.
//
// Every record has as many cells as the table has columns: what a short one lacks is missing, what a long one has
// beyond the last column is ignored; both are counted. Blank lines, comments and the preamble are no records.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "workers/fulfillment/analysis/reading/cell_block.hpp"
#include "workers/fulfillment/analysis/reading/dialect.hpp"
#include "workers/fulfillment/analysis/reading/record_splitter.hpp"
#include "workers/fulfillment/analysis/reading/text_window.hpp"

namespace circuit::analysis {

struct ReadingCounts {
  std::size_t rows = 0;
  std::size_t short_rows = 0;
  std::size_t long_rows = 0;
  std::vector<std::size_t> ragged_lines;  // where the first ones begin, counted from 1; at most 5
  std::size_t blank_lines = 0;
  std::size_t comment_lines = 0;
  std::size_t stray_quotes = 0;
  std::size_t unclosed_quotes = 0;  // read as ordinary characters
};

class CsvReader {
 public:
  // `width` is the number of fields that a record should have; a block keeps as many of them as it has columns.
  // `window` must be at the start of the file and outlive the reader.
  CsvReader(TextWindow& window, const Dialect& dialect, std::size_t width);

  // Fills the block with the next records, as many as fit and are in the window. False at the end of the file, or when
  // window.failure() is set.
  [[nodiscard]] bool next(CellBlock& block);

  [[nodiscard]] const ReadingCounts& counts() const { return counts_; }
  // The cells of the header, once the first block was read; empty without one.
  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }

 private:
  [[nodiscard]] bool fill(CellBlock& block);
  [[nodiscard]] RecordSplitter::Result read_above_data(RecordSplitter& splitter);
  [[nodiscard]] RecordSplitter::Result read_data(RecordSplitter& splitter, CellBlock& block);
  [[nodiscard]] bool skip_comment(RecordSplitter& splitter, std::size_t at, std::size_t width);
  void count_width(std::size_t width, std::size_t at);

  TextWindow& window_;
  Dialect dialect_;
  std::size_t width_;
  std::size_t preamble_left_;
  bool header_is_due_;
  std::vector<std::string> header_;
  ReadingCounts counts_;
};

}  // namespace circuit::analysis
