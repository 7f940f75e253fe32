#include "workers/fulfillment/analysis/notes.hpp"

#include <fmt/format.h>

#include "workers/fulfillment/analysis/number_text.hpp"

namespace circuit::analysis {
namespace {

// "1 row has" and "3 rows have", as the start of a sentence.
std::string rows_have(std::size_t rows) { return counted(rows, "row") + (rows == 1 ? " has" : " have"); }

void note_what_was_left_out(const Table& table, std::vector<std::string>& notes) {
  if (table.columns_left_out > 0)
    notes.push_back(
        fmt::format("The file has more columns than can be analyzed: the last {} left out.",
                    table.columns_left_out == 1 ? "one is" : readable_text(table.columns_left_out) + " are"));
  if (table.rows_left_out > 0)
    notes.push_back(fmt::format("The file has more rows than can be analyzed: only the first {} of {} are.",
                                readable_text(table.rows), readable_text(table.rows + table.rows_left_out)));
}

void note_ragged_rows(const Table& table, std::vector<std::string>& notes) {
  if (table.short_rows > 0)
    notes.push_back(fmt::format("{} fewer values than there are columns; what is not there counts as missing.",
                                rows_have(table.short_rows)));
  if (table.long_rows > 0)
    notes.push_back(fmt::format("{} more values than there are columns; what is beyond the last column is ignored.",
                                rows_have(table.long_rows)));
}

}  // namespace

std::vector<std::string> table_notes(const Table& table) {
  std::vector<std::string> notes;
  note_what_was_left_out(table, notes);
  const std::size_t width = table.columns.size() + table.columns_left_out;
  if (table.header_width > 0 && table.header_width < width)
    notes.push_back(
        fmt::format("The first row names {}, but most rows have {}; names and values may not belong together.",
                    counted(table.header_width, "column"), readable_text(width)));
  note_ragged_rows(table, notes);
  if (table.blank_lines > 0)
    notes.push_back(fmt::format(
        "{} skipped.", counted(table.blank_lines, "empty line") + (table.blank_lines == 1 ? " was" : " were")));
  if (table.stray_quotes > 0)
    notes.push_back(fmt::format("In {}, text follows a closing quotation mark; it is kept as part of the value.",
                                counted(table.stray_quotes, "place")));
  return notes;
}

}  // namespace circuit::analysis
