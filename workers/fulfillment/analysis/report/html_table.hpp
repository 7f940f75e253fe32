// The tables of report.html: named, scrolled within themselves on narrow screens, and read out head by head.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace circuit::analysis {

struct Head {
  std::string_view text;
  bool is_number = false;
};

// `caption` and the heads must be safe. What the rows hold is up to the caller, who closes the table too.
void open_table(std::string& out, std::string_view caption, std::initializer_list<Head> heads);
void close_table(std::string& out);

// Cells; `html` must be safe.
void put_row_head(std::string& out, std::string_view html);
void put_cell(std::string& out, std::string_view html);
void put_number_cell(std::string& out, std::string_view html);

// A label above its figure, inside of <dl class="facts">.
void put_fact(std::string& out, std::string_view label, std::string_view html);

}  // namespace circuit::analysis
