// The head of the page: what file it was, in a sentence and in a few large figures, and what kinds of columns it has.
#include <array>

#include "workers/fulfillment/analysis/report/html_sections.hpp"
#include "workers/fulfillment/analysis/report/html_table.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/report/words.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

// Numbers first, nothing last.
constexpr std::array types = {ColumnType::integer,  ColumnType::real,     ColumnType::date,
                              ColumnType::category, ColumnType::boolean,  ColumnType::identifier,
                              ColumnType::text,     ColumnType::constant, ColumnType::empty};

void write_lead(std::string& out, const Analysis& analysis) {
  const FileFacts& file = analysis.file;
  put(out, "<p class=\"lead\">A file of {}, with values separated by {} and {}.", bytes_text(file.bytes),
      delimiter_name(file.delimiter), file.has_header ? "column names in its first row" : "no column names");
  if (file.expanded_bytes > 0) put(out, " It came compressed and holds {}.", bytes_text(file.expanded_bytes));
  const std::size_t insights = analysis.insights.size();
  const std::size_t quality = analysis.quality.size();
  if (insights > 0)
    put(out, " {} in it {} worth knowing first;", counted(insights, "thing"), insights == 1 ? "is" : "are");
  else
    out += " Nothing in it stands out beyond chance;";
  if (quality > 0)
    put(out, " {} about the quality of the data {} a look.</p>\n", counted(quality, "remark"),
        quality == 1 ? "deserves" : "deserve");
  else
    out += " nothing is wrong with the data themselves.</p>\n";
}

void write_large_figures(std::string& out, const Analysis& analysis) {
  std::size_t present = 0;
  for (const ColumnSummary& column : analysis.columns) present += analysis.file.rows - column.missing;
  const std::size_t cells = analysis.file.rows * analysis.columns.size();
  out += "<dl class=\"large\">\n";
  put_fact(out, "Rows", readable_text(analysis.file.rows));
  put_fact(out, "Columns", readable_text(analysis.columns.size() + analysis.file.columns_left_out));
  put_fact(out, "Cells filled", percent_text(present, cells));
  put_fact(
      out, "Repeated rows",
      fmt::format("{}{}", analysis.file.duplicates_are_exact ? "" : "≥ ", readable_text(analysis.file.duplicate_rows)));
  put_fact(out, "Findings", fmt::format("<a href=\"#findings\">{}</a>", analysis.insights.size()));
  put_fact(out, "Quality remarks", fmt::format("<a href=\"#quality\">{}</a>", analysis.quality.size()));
  out += "</dl>\n";
}

// A strip in which each type has as much room as it has columns, and the same as a list.
void write_type_mix(std::string& out, const Analysis& analysis) {
  std::array<std::size_t, types.size()> counts{};
  for (const ColumnSummary& column : analysis.columns) ++counts[static_cast<std::size_t>(column.type)];
  std::string strip;
  std::string list;
  for (const ColumnType type : types) {
    const std::size_t count = counts[static_cast<std::size_t>(type)];
    if (count == 0) continue;
    put(strip, "<span class=\"is-{}\" style=\"flex-grow:{}\"></span>", type_name(type), count);
    put(list, "<li class=\"is-{0}\">{1} {0}</li>\n", type_name(type), count);
  }
  put(out,
      "<h2 class=\"minor\">What the columns hold</h2>\n<div class=\"mix\" aria-hidden=\"true\">{}</div>\n"
      "<ul class=\"mix-key\">\n{}</ul>\n",
      strip, list);
}

}  // namespace

void write_overview(std::string& out, const Analysis& analysis) {
  put(out, "<header id=\"overview\">\n<p class=\"eyebrow\">Data analysis</p>\n<h1>{} in {}</h1>\n",
      counted(analysis.file.rows, "row"), counted(analysis.file.columns, "column"));
  write_lead(out, analysis);
  write_large_figures(out, analysis);
  write_type_mix(out, analysis);
  out += "</header>\n";
}

}  // namespace circuit::analysis
