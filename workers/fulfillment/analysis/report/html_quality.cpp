// What is wrong with the data, apart from what they say, and how the file was read.
#include "workers/fulfillment/analysis/report/html_findings.hpp"
#include "workers/fulfillment/analysis/report/html_sections.hpp"
#include "workers/fulfillment/analysis/report/html_table.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/report/words.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

std::string sure(double confidence) {
  return fmt::format(" <small>{} sure</small>", html_text(share_text(confidence)));
}

void put_count(std::string& out, const char* label, std::size_t count) {
  if (count > 0) put_fact(out, label, readable_text(count));
}

void write_reading(std::string& out, const FileFacts& file) {
  put_fact(out, "Size", bytes_text(file.bytes));
  if (file.expanded_bytes > 0) put_fact(out, "Expanded", bytes_text(file.expanded_bytes));
  put_fact(out, "Separated by", delimiter_name(file.delimiter) + sure(file.delimiter_confidence));
  put_fact(out, "Names in first row", (file.has_header ? "yes" : "no") + sure(file.header_confidence));
  put_fact(out, "Decimal mark", file.decimal_mark == ',' ? "comma" : "point");
  put_fact(out, "Byte order mark", file.has_byte_order_mark ? "yes" : "no");
}

std::string ragged_text(const FileFacts& file) {
  std::string lines;
  for (const std::size_t line : file.ragged_lines) put(lines, "{}{}", lines.empty() ? "" : ", ", readable_text(line));
  const bool are_all = file.ragged_lines.size() >= file.ragged_rows();
  return fmt::format("{} <small>line {}{}</small>", readable_text(file.ragged_rows()), lines, are_all ? "" : " …");
}

void write_oddities(std::string& out, const FileFacts& file) {
  put_fact(out, "Repeated rows", (file.duplicates_are_exact ? "" : "at least ") + readable_text(file.duplicate_rows));
  put_count(out, "Rows too short", file.short_rows);
  put_count(out, "Rows too long", file.long_rows);
  if (!file.ragged_lines.empty()) put_fact(out, "Of the wrong length", ragged_text(file));
  put_count(out, "Blank lines", file.blank_lines);
  put_count(out, "Lines above the table", file.preamble_lines);
  put_count(out, "Comment lines", file.comment_lines);
  put_count(out, "Stray quotes", file.stray_quotes);
  put_count(out, "Renamed columns", file.renamed_columns);
  put_count(out, "Columns left out", file.columns_left_out);
  if (file.rows_kept < file.rows) put_fact(out, "Rows sampled", readable_text(file.rows_kept));
}

}  // namespace

void write_quality(std::string& out, const Analysis& analysis) {
  open_section(out, "quality", "Data quality");
  if (analysis.quality.empty())
    out += "<p>Nothing is wrong with the file or its values.</p>\n";
  else
    write_finding_cards(out, analysis, analysis.quality, "remark");
  out += "<h3>How the file was read</h3>\n<dl class=\"facts\">\n";
  write_reading(out, analysis.file);
  write_oddities(out, analysis.file);
  out += "</dl>\n</section>\n";
}

}  // namespace circuit::analysis
