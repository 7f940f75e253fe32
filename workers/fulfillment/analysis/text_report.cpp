#include "workers/fulfillment/analysis/text_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "workers/fulfillment/analysis/number_text.hpp"
#include "workers/fulfillment/analysis/utf8.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t columns_shown = 14;
constexpr std::size_t correlations_shown = 5;
constexpr std::size_t notes_shown = 5;
constexpr std::size_t name_width = 24;
constexpr std::size_t value_width = 28;

std::string shown(std::string_view text, std::size_t width) { return clip(neutralised(text), width); }

// fmt pads by its own idea of how wide a character is; counting code points keeps the columns predictable.
std::string padded(std::string text, std::size_t width) {
  const std::size_t length = count_code_points(text);
  return length < width ? text.append(width - length, ' ') : text;
}

void write_facts(std::string& out, const FileFacts& file) {
  fmt::format_to(std::back_inserter(out), "{}, {}, {}; separated by {}, {} header\n", counted(file.rows, "row"),
                 counted(file.columns, "column"), counted(file.bytes, "byte"), delimiter_name(file.delimiter),
                 file.has_header ? "with a" : "no");
}

std::string in_a_word(const ColumnSummary& column) {
  if (column.numbers)
    return fmt::format("{} to {}, median {}", readable_text(column.numbers->min), readable_text(column.numbers->max),
                       readable_text(column.numbers->median));
  if (column.dates)
    return fmt::format("{} to {}", shown(column.dates->earliest, value_width),
                       shown(column.dates->latest, value_width));
  if (column.count == 0) return "no values";
  if (column.distinct == column.count && column.count > 1) return "all values are different";
  return fmt::format("{}{} distinct, most often {}", column.distinct_is_exact ? "" : "over ",
                     readable_text(column.distinct), shown(column.top_values.front().text, value_width));
}

void write_columns(std::string& out, const Analysis& analysis) {
  const std::size_t shown_count = std::min(analysis.columns.size(), columns_shown);
  for (std::size_t i = 0; i < shown_count; ++i) {
    const ColumnSummary& column = analysis.columns[i];
    const std::string missing =
        column.missing == 0 ? "" : fmt::format("; {} missing", percent_text(column.missing, analysis.file.rows));
    fmt::format_to(std::back_inserter(out), "  {} {} {}{}\n", padded(shown(column.name, name_width), name_width),
                   padded(type_name(column.type), 8), in_a_word(column), missing);
  }
  if (analysis.columns.size() > shown_count)
    fmt::format_to(std::back_inserter(out), "  … and {} in report.html\n",
                   counted(analysis.columns.size() - shown_count, "more column"));
}

void write_correlations(std::string& out, const Analysis& analysis) {
  if (analysis.correlations.empty()) return;
  out += "\nStrongest correlations (Pearson's r; no proof of a cause)\n";
  const std::size_t shown_count = std::min(analysis.correlations.size(), correlations_shown);
  for (std::size_t i = 0; i < shown_count; ++i) {
    const Correlation& pair = analysis.correlations[i];
    fmt::format_to(std::back_inserter(out), "  {:+.3f}  {} / {}  (n = {})\n", pair.r,
                   shown(analysis.columns[pair.first].name, name_width),
                   shown(analysis.columns[pair.second].name, name_width), readable_text(pair.n));
  }
}

void write_notes(std::string& out, const Analysis& analysis) {
  if (analysis.notes.empty()) return;
  out += "\nPlease note\n";
  const std::size_t shown_count = std::min(analysis.notes.size(), notes_shown);
  for (std::size_t i = 0; i < shown_count; ++i)
    fmt::format_to(std::back_inserter(out), "  - {}\n", neutralised(analysis.notes[i]));
  if (analysis.notes.size() > shown_count)
    fmt::format_to(std::back_inserter(out), "  - … and {} in report.html\n",
                   counted(analysis.notes.size() - shown_count, "more note"));
}

}  // namespace

const char* delimiter_name(char delimiter) {
  switch (delimiter) {
    case ';': return "semicolons";
    case '\t': return "tabs";
    case '|': return "vertical bars";
    default: return "commas";
  }
}

std::string text_report(const Analysis& analysis) {
  std::string out = "Data analysis\n";
  write_facts(out, analysis.file);
  out += "\nColumns\n";
  write_columns(out, analysis);
  write_correlations(out, analysis);
  write_notes(out, analysis);
  return out;
}

}  // namespace circuit::analysis
