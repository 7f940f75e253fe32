#include "workers/fulfillment/analysis/reading/csv_reader.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace circuit::analysis {
namespace {

constexpr std::size_t ragged_lines_max = 5;
constexpr std::size_t header_cells_max = 100'000;

std::uint64_t hash_of(std::string_view record) {
  while (!record.empty() && (record.back() == '\n' || record.back() == '\r')) record.remove_suffix(1);
  return XXH3_64bits(record.data(), record.size());
}

}  // namespace

CsvReader::CsvReader(TextWindow& window, const Dialect& dialect, std::size_t width)
    : window_(window),
      dialect_(dialect),
      width_(width),
      preamble_left_(dialect.preamble_records),
      header_is_due_(dialect.has_header) {}

bool CsvReader::next(CellBlock& block) {
  block.clear();
  while (!window_.failure()) {
    if (fill(block)) return true;
    // The window holds no whole record: more text, or the end.
    if (!window_.grow()) return false;
  }
  return false;
}

// True if the block holds a record; it is full then, or cannot get another one out of this window.
bool CsvReader::fill(CellBlock& block) {
  RecordSplitter splitter(window_.text(), window_.is_last(), dialect_.delimiter, block.arena());
  while (!block.is_full()) {
    counts_.blank_lines += splitter.skip_blank_lines();
    if (splitter.is_done()) break;
    const bool is_above_data = preamble_left_ > 0 || header_is_due_;
    const auto result = is_above_data ? read_above_data(splitter) : read_data(splitter, block);
    if (result == RecordSplitter::Result::incomplete) break;
    if (result == RecordSplitter::Result::unclosed_quote) {
      ++counts_.unclosed_quotes;
      splitter.read_quote_literally();
    }
  }
  counts_.stray_quotes += splitter.stray_quotes();
  // The text stays where it is until the window grows.
  window_.consume(splitter.at());
  return block.rows() > 0;
}

RecordSplitter::Result CsvReader::read_above_data(RecordSplitter& splitter) {
  const std::size_t at = splitter.at();
  std::size_t width = 0;
  std::vector<std::string> cells;
  const auto result = splitter.next([&](std::string_view cell) {
    if (++width <= header_cells_max) cells.emplace_back(cell);
  });
  if (result != RecordSplitter::Result::record || skip_comment(splitter, at, width)) return result;
  if (preamble_left_ > 0) {
    --preamble_left_;
  } else {
    header_is_due_ = false;
    header_ = std::move(cells);
  }
  return result;
}

RecordSplitter::Result CsvReader::read_data(RecordSplitter& splitter, CellBlock& block) {
  const std::size_t at = splitter.at();
  std::size_t width = 0;
  const auto result = splitter.next([&](std::string_view cell) { block.put(width++, cell); });
  if (result != RecordSplitter::Result::record || skip_comment(splitter, at, width)) return result;
  block.commit(width, hash_of(splitter.text().substr(at, splitter.at() - at)));
  ++counts_.rows;
  if (width != width_) count_width(width, at);
  return result;
}

// A comment is its line alone, even if a quote in it makes a longer record of it.
bool CsvReader::skip_comment(RecordSplitter& splitter, std::size_t at, std::size_t width) {
  if (!is_comment(splitter.text().substr(at, splitter.at() - at), width, dialect_.usual_width)) return false;
  splitter.take_back();
  splitter.skip_line();
  ++counts_.comment_lines;
  return true;
}

void CsvReader::count_width(std::size_t width, std::size_t at) {
  ++(width < width_ ? counts_.short_rows : counts_.long_rows);
  if (counts_.ragged_lines.size() < ragged_lines_max) counts_.ragged_lines.push_back(window_.line_of(at));
}

}  // namespace circuit::analysis
