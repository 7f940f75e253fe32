// Columns that line up. Cells are foreign text: control characters don't reach the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace circuit::cli {

enum class Align : bool { left, right };

struct Column {
  std::string heading;
  Align align = Align::left;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns.
  void add(std::vector<std::string> cells);

  // Headings, unless all are empty, and rows; a newline after each line, and no spaces at the end of any.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool empty() const { return rows_.empty(); }

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Code points, which is what most text takes in columns of a terminal.
[[nodiscard]] std::size_t width_of(std::string_view utf8);

// The text with each control character (C0, DEL, C1), and each byte that is no UTF-8, as "?".
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace circuit::cli
