#include "workers/fulfillment/analysis/html_column.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

#include "workers/fulfillment/analysis/html_text.hpp"
#include "workers/fulfillment/analysis/number_text.hpp"
#include "workers/fulfillment/analysis/svg_chart.hpp"

namespace circuit::analysis {
namespace {

// `value` must already be safe HTML.
void write_figure(std::string& out, std::string_view label, std::string_view value) {
  fmt::format_to(std::back_inserter(out), "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td></tr>\n", label,
                 value);
}

void write_number_figures(std::string& out, const NumberSummary& numbers) {
  write_figure(out, "Minimum", readable_text(numbers.min));
  write_figure(out, "First quartile", readable_text(numbers.first_quartile));
  write_figure(out, "Median", readable_text(numbers.median));
  write_figure(out, "Third quartile", readable_text(numbers.third_quartile));
  write_figure(out, "Maximum", readable_text(numbers.max));
  write_figure(out, "Mean", readable_text(numbers.mean));
  write_figure(out, "Standard deviation",
               numbers.standard_deviation ? readable_text(*numbers.standard_deviation) : "not defined");
}

void write_figures(std::string& out, const ColumnSummary& column, std::size_t rows) {
  fmt::format_to(std::back_inserter(out), "<table>\n<caption>Figures of <bdi>{}</bdi></caption>\n<tbody>\n",
                 html_text(column.name, 60));
  write_figure(out, "Values", readable_text(column.count));
  write_figure(out, "Missing",
               fmt::format("{} ({})", readable_text(column.missing), percent_text(column.missing, rows)));
  write_figure(out, "Distinct",
               fmt::format("{}{}", column.distinct_is_exact ? "" : "over ", readable_text(column.distinct)));
  if (column.numbers) write_number_figures(out, *column.numbers);
  if (column.dates) {
    write_figure(out, "Earliest", html_text(column.dates->earliest, 60));
    write_figure(out, "Latest", html_text(column.dates->latest, 60));
  }
  out += "</tbody>\n</table>\n";
}

}  // namespace

void write_column_html(std::string& out, const ColumnSummary& column, std::size_t number, std::size_t rows) {
  fmt::format_to(std::back_inserter(out),
                 "<article id=\"column-{}\">\n<h3><bdi>{}</bdi> <span class=\"type\">{}</span></h3>\n", number,
                 html_text(column.name), type_name(column.type));
  const bool is_all_different = column.distinct == column.count && column.count > 1 && column.distinct_is_exact;
  if (column.count == 0)
    out += "<p>No row has a value in this column.</p>\n";
  else if (!column.distribution && is_all_different)
    out += "<p>All values are different.</p>\n";
  write_figures(out, column, rows);
  if (column.distribution)
    out += histogram_svg(column, number);
  else if (column.count > 0 && !is_all_different)
    out += bars_svg(column, number);
  out += "</article>\n";
}

}  // namespace circuit::analysis
