#include "workers/fulfillment/analysis/table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "workers/fulfillment/analysis/header.hpp"
#include "workers/fulfillment/analysis/value.hpp"

namespace circuit::analysis {
namespace {

void append_row(Table& table, const CsvReader& reader, std::size_t width) {
  const auto cells = reader.cells();
  const std::size_t kept = std::min(cells.size(), table.columns.size());
  for (std::size_t i = 0; i < kept; ++i) table.columns[i].append(table.rows, cells[i]);
  table.short_rows += reader.width() < width;
  table.long_rows += reader.width() > width;
  ++table.rows;
}

// Counts line ends as CsvReader reads them: LF, CRLF and lone CR.
std::size_t line_of(std::string_view text, std::size_t at) {
  std::size_t line = 1;
  for (std::size_t i = 0; i < at; ++i) line += text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n');
  return line;
}

Failure unclosed_quote(std::string_view text, std::size_t at) {
  return {"csv_quote_unclosed",
          fmt::format("A quoted value opens on line {} and is never closed. Please add the missing quotation mark.",
                      line_of(text, at))};
}

Failure no_rows() {
  return {"csv_no_rows", "The file has a header but no rows of data below it, so there is nothing to analyze."};
}

}  // namespace

void Cells::append(std::size_t row, std::string_view raw) {
  const std::string_view cell = trimmed(raw);
  if (is_missing(cell)) return;
  if (present_.empty() || row != next_row_) runs_.push_back({present_.size(), row});
  present_.push_back(cell);
  next_row_ = row + 1;
}

std::vector<std::size_t> Cells::rows() const {
  std::vector<std::size_t> rows;
  rows.reserve(present_.size());
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const std::size_t end = i + 1 < runs_.size() ? runs_[i + 1].first_cell : present_.size();
    for (std::size_t cell = runs_[i].first_cell; cell < end; ++cell)
      rows.push_back(runs_[i].first_row + cell - runs_[i].first_cell);
  }
  return rows;
}

std::variant<Table, Failure> read_table(std::string_view text, const Dialect& dialect, const Limits& limits) {
  Table table;
  CsvReader reader(text, dialect.delimiter, limits.columns_max, table.arena);
  bool has_record = reader.next();
  // A first record that is wider than the others keeps its columns: nothing is dropped without being counted.
  const std::size_t width = std::max(reader.width(), dialect.usual_width);
  const std::size_t columns = std::min(width, limits.columns_max);
  table.columns.resize(columns);
  table.columns_left_out = width - columns;
  table.names = unique_names({}, columns);
  if (has_record && dialect.has_header) {
    table.header_width = reader.width();
    table.names = unique_names(reader.cells(), columns);
    has_record = reader.next();
  }
  for (; has_record; has_record = reader.next()) {
    if (table.rows < limits.rows_max)
      append_row(table, reader, width);
    else
      ++table.rows_left_out;
  }
  table.blank_lines = reader.blank_lines();
  table.stray_quotes = reader.stray_quotes();
  if (reader.unclosed_quote_at() != CsvReader::none) return unclosed_quote(text, reader.unclosed_quote_at());
  if (table.rows == 0) return no_rows();
  return table;
}

}  // namespace circuit::analysis
