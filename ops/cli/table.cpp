#include "ops/cli/table.hpp"

#include <algorithm>

#include "schema/check.hpp"
#include "schema/document.hpp"

namespace circuit::cli {
namespace {

constexpr std::string_view gap = "  ";

std::string line_of(const std::vector<std::string>& cells, const std::vector<Column>& columns,
                    const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string padding(widths[i] - width_of(cells[i]), ' ');
    line += columns[i].align == Align::right ? padding + cells[i] : cells[i] + padding;
    line += gap;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

}  // namespace

std::size_t width_of(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string printable(std::string_view text) {
  if (schema::is_printable_utf8(text)) return std::string(text);
  std::string clean;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t size = 1;
    while (size < 4 && i + size < text.size() && !schema::is_printable_utf8(text.substr(i, size))) ++size;
    if (schema::is_printable_utf8(text.substr(i, size))) {
      clean += text.substr(i, size);
      i += size;
    } else {
      clean += '?';
      ++i;
    }
  }
  return clean;
}

void Table::add(std::vector<std::string> cells) {
  CIRCUIT_CHECK(cells.size() == columns_.size(), "a row has a cell for each column");
  for (std::string& cell : cells) cell = printable(cell);
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<std::string> headings;
  std::vector<std::size_t> widths;
  bool has_headings = false;
  for (const Column& column : columns_) {
    headings.push_back(column.heading);
    widths.push_back(width_of(column.heading));
    has_headings |= !column.heading.empty();
  }
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  std::string text = has_headings ? line_of(headings, columns_, widths) : std::string();
  for (const auto& row : rows_) text += line_of(row, columns_, widths);
  return text;
}

}  // namespace circuit::cli
