#include "workers/fulfillment/analysis/html_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "workers/fulfillment/analysis/html_column.hpp"
#include "workers/fulfillment/analysis/html_style.hpp"
#include "workers/fulfillment/analysis/html_text.hpp"
#include "workers/fulfillment/analysis/number_text.hpp"
#include "workers/fulfillment/analysis/text_report.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t correlations_shown = 100;

// The policy repeats to the browser what the page already keeps to: no script, no request.
constexpr const char* head =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<title>Data analysis</title>\n<style>";

void write_facts(std::string& out, const FileFacts& file) {
  fmt::format_to(
      std::back_inserter(out),
      "<header>\n<h1>Data analysis</h1>\n<p class=\"lead\">{} and {} in {}, separated by {}, {}.</p>\n</header>\n",
      counted(file.rows, "row"), counted(file.columns, "column"), counted(file.bytes, "byte"),
      delimiter_name(file.delimiter), file.has_header ? "with column names in the first row" : "without column names");
}

void write_notes(std::string& out, const Analysis& analysis) {
  if (analysis.notes.empty()) return;
  out += "<section>\n<h2>Please note</h2>\n<ul class=\"notes\">\n";
  for (const std::string& note : analysis.notes)
    fmt::format_to(std::back_inserter(out), "<li>{}</li>\n", html_text(note, 600));
  out += "</ul>\n</section>\n";
}

void write_overview(std::string& out, const Analysis& analysis) {
  out +=
      "<section>\n<h2>Columns at a glance</h2>\n<div class=\"scroll\">\n<table>\n"
      "<caption>Every column in the order of the file</caption>\n"
      "<thead><tr><th scope=\"col\">Column</th><th scope=\"col\">Type</th><th scope=\"col\" "
      "class=\"number\">Values</th>"
      "<th scope=\"col\" class=\"number\">Missing</th><th scope=\"col\" "
      "class=\"number\">Distinct</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < analysis.columns.size(); ++i) {
    const ColumnSummary& column = analysis.columns[i];
    fmt::format_to(
        std::back_inserter(out),
        "<tr><th scope=\"row\"><a href=\"#column-{}\"><bdi>{}</bdi></a></th><td>{}</td><td class=\"number\">{}</td>"
        "<td class=\"number\">{}</td><td class=\"number\">{}{}</td></tr>\n",
        i + 1, html_text(column.name), type_name(column.type), readable_text(column.count),
        percent_text(column.missing, analysis.file.rows), column.distinct_is_exact ? "" : "over ",
        readable_text(column.distinct));
  }
  out += "</tbody>\n</table>\n</div>\n</section>\n";
}

void write_correlations(std::string& out, const Analysis& analysis) {
  if (analysis.correlations.empty()) return;
  const std::size_t shown = std::min(analysis.correlations.size(), correlations_shown);
  out +=
      "<section>\n<h2>Correlations</h2>\n<p>Pearson's r measures how closely two columns follow a straight line, "
      "from -1 to 1. It does not show that one causes the other.</p>\n";
  fmt::format_to(
      std::back_inserter(out),
      "<div class=\"scroll\">\n<table>\n<caption>{} of {}, strongest first</caption>\n"
      "<thead><tr><th scope=\"col\">Column</th><th scope=\"col\">Column</th><th scope=\"col\" class=\"number\">r</th>"
      "<th scope=\"col\" class=\"number\">Rows</th></tr></thead>\n<tbody>\n",
      readable_text(shown), counted(analysis.correlations.size(), "pair"));
  for (std::size_t i = 0; i < shown; ++i) {
    const Correlation& pair = analysis.correlations[i];
    fmt::format_to(std::back_inserter(out),
                   "<tr><td><bdi>{}</bdi></td><td><bdi>{}</bdi></td><td class=\"number\">{:.3f}</td><td "
                   "class=\"number\">{}</td></tr>\n",
                   html_text(analysis.columns[pair.first].name), html_text(analysis.columns[pair.second].name), pair.r,
                   readable_text(pair.n));
  }
  out += "</tbody>\n</table>\n</div>\n</section>\n";
}

constexpr const char* method =
    "<section>\n<h2>How this was computed</h2>\n"
    "<p>Missing means empty, -, NA, N/A, n/a, #N/A, NaN, nan, NULL, Null or null; None is a value. Spaces around a "
    "value are ignored. "
    "A column is numeric only if every value is a number; codes with leading zeros are not. "
    "The standard deviation is that of a sample (n - 1). Quartiles interpolate linearly (R type 7). "
    "The same figures, in full precision, are in analysis.json.</p>\n</section>\n";

}  // namespace

std::string html_report(const Analysis& analysis) {
  std::string out = head;
  out += html_style;
  out += "</style>\n</head>\n<body>\n";
  write_facts(out, analysis.file);
  out += "<main>\n";
  write_notes(out, analysis);
  write_overview(out, analysis);
  write_correlations(out, analysis);
  out += "<section>\n<h2>Each column</h2>\n";
  for (std::size_t i = 0; i < analysis.columns.size(); ++i)
    write_column_html(out, analysis.columns[i], i + 1, analysis.file.rows);
  out += "</section>\n";
  out += method;
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace circuit::analysis
