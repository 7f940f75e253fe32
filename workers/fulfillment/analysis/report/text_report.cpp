#include "workers/fulfillment/analysis/report/text_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "workers/fulfillment/analysis/report/text_lines.hpp"
#include "workers/fulfillment/analysis/report/words.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t line_width = 80;
constexpr std::size_t insights_shown = 5;
constexpr std::size_t remarks_shown = 3;
constexpr std::size_t columns_shown = 12;
constexpr std::size_t lines_an_insight = 3;
constexpr std::size_t lines_a_remark = 2;

void write_facts(std::string& out, const Analysis& analysis) {
  const FileFacts& file = analysis.file;
  std::size_t present = 0;
  for (const ColumnSummary& column : analysis.columns) present += file.rows - column.missing;
  const std::string repeated = file.duplicate_rows == 0   ? "no row repeats"
                               : file.duplicate_rows == 1 ? "one row repeats"
                                                          : readable_text(file.duplicate_rows) + " rows repeat";
  put_wrapped(
      out, "",
      fmt::format("{} in {}, {}, separated by {}, {} in the first row. {} of the cells are filled; {} an earlier one.",
                  counted(file.rows, "row"), counted(file.columns, "column"), bytes_text(file.bytes),
                  delimiter_name(file.delimiter), file.has_header ? "with names" : "no names",
                  percent_text(present, file.rows * analysis.columns.size()), repeated),
      line_width, 3);
}

void write_findings(std::string& out, const char* heading, const std::vector<Finding>& findings, std::size_t shown_max,
                    std::size_t lines_max) {
  if (findings.empty()) return;
  fmt::format_to(std::back_inserter(out), "\n{}\n", heading);
  const std::size_t shown = std::min(findings.size(), shown_max);
  for (std::size_t i = 0; i < shown; ++i)
    put_wrapped(out, fmt::format("  {}. ", i + 1), findings[i].text, line_width, lines_max);
  if (findings.size() > shown)
    fmt::format_to(std::back_inserter(out), "     … and {} more in report.html\n",
                   readable_text(findings.size() - shown));
}

void write_columns(std::string& out, const Analysis& analysis) {
  constexpr std::size_t name_width = 22;
  constexpr std::size_t type_width = 10;
  constexpr std::size_t missing_width = 7;
  constexpr std::size_t glance_width = line_width - name_width - type_width - missing_width - 5;
  fmt::format_to(std::back_inserter(out), "\n{} {} {} At a glance\n", fitted("COLUMNS", name_width + 2),
                 fitted("Type", type_width), fitted("Missing", missing_width));
  const std::size_t shown = std::min(analysis.columns.size(), columns_shown);
  for (std::size_t i = 0; i < shown; ++i) {
    const ColumnSummary& column = analysis.columns[i];
    std::string line = fmt::format(
        "  {} {} {:>{}} {}", fitted(column.name, name_width), fitted(type_name(column.type), type_width),
        percent_text(column.missing, analysis.file.rows), missing_width, fitted(glance_text(column), glance_width));
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  if (analysis.columns.size() > shown)
    fmt::format_to(std::back_inserter(out), "  … and {} in report.html\n",
                   counted(analysis.columns.size() - shown, "more column"));
}

}  // namespace

std::string text_report(const Analysis& analysis) {
  std::string out = "DATA ANALYSIS\n";
  write_facts(out, analysis);
  write_findings(out, "FINDINGS", analysis.insights, insights_shown, lines_an_insight);
  write_findings(out, "DATA QUALITY", analysis.quality, remarks_shown, lines_a_remark);
  write_columns(out, analysis);
  out += "\nreport.html has charts, relations and the method; analysis.json has all figures.\n";
  return out;
}

}  // namespace circuit::analysis
