// Where values are missing, along the rows of the file.
#include <algorithm>

#include "workers/fulfillment/analysis/report/chart_figure.hpp"
#include "workers/fulfillment/analysis/report/html_sections.hpp"
#include "workers/fulfillment/analysis/report/html_table.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t bands_drawn = 200;
constexpr std::size_t patterns_shown = 20;

ChartData data_of(const Analysis& analysis, const MissingMap& map) {
  ChartData data;
  data.number("rows", static_cast<double>(analysis.file.rows));
  data.number("band", static_cast<double>(map.rows_per_band));
  data.begin_list("names");
  for (const std::size_t column : map.columns) data.item(analysis.columns[column].name);
  data.end_list();
  data.begin_list("cells");  // column, band, missing; column, band, missing; …
  for (std::size_t i = 0; i < map.columns.size(); ++i)
    for (std::size_t band = 0; band < std::min(map.missing[i].size(), bands_drawn); ++band) {
      if (map.missing[i][band] == 0) continue;
      data.item(static_cast<double>(i));
      data.item(static_cast<double>(band));
      data.item(static_cast<double>(map.missing[i][band]));
    }
  data.end_list();
  return data;
}

// The rows of the band in which most is missing, counted from 1 as people do.
std::string worst_band(const MissingMap& map, std::size_t column, std::size_t rows) {
  const std::vector<std::size_t>& missing = map.missing[column];
  const auto band = static_cast<std::size_t>(std::ranges::max_element(missing) - missing.begin());
  return fmt::format("{} to {}", readable_text(band * map.rows_per_band + 1),
                     readable_text(std::min(rows, (band + 1) * map.rows_per_band)));
}

void write_map(std::string& out, const Analysis& analysis, const MissingMap& map) {
  open_chart(out, "missing",
             fmt::format("Map of missing values: {} of {} along the rows of the file.",
                         counted(map.columns.size(), "column"), readable_text(analysis.columns.size())),
             data_of(analysis, map));
  put_caption(out,
              fmt::format("From the first row at the left to the last at the right, in bands of {}; the fuller the "
                          "colour, the more is missing.",
                          counted(map.rows_per_band, "row")));
  open_figures(out);
  open_table(out, "Missing values by column", {{"Column"}, {"Missing", true}, {"Share", true}, {"Most in rows"}});
  for (std::size_t i = 0; i < map.columns.size(); ++i) {
    const ColumnSummary& column = analysis.columns[map.columns[i]];
    out += "<tr>";
    put_row_head(out, html_name(column));
    put_number_cell(out, readable_text(column.missing));
    put_number_cell(out, html_text(percent_text(column.missing, analysis.file.rows)));
    put_cell(out, worst_band(map, i, analysis.file.rows));
    out += "</tr>\n";
  }
  close_table(out);
  close_chart(out);
}

std::string missing_in(const std::string& label, std::size_t missing, std::size_t rows) {
  return fmt::format("<bdi>{}</bdi> <small>{} of {}</small>", html_text(label, short_name_max),
                     html_text(percent_text(missing, rows)), counted(rows, "row"));
}

void write_patterns(std::string& out, const Analysis& analysis) {
  if (analysis.missing_patterns.empty()) return;
  out += "<h3>Not missing at random</h3>\n";
  open_table(out, "Values that are missing more often with one value of a category than with another",
             {{"Column"}, {"By"}, {"Most missing"}, {"Least missing"}, {"V", true}, {"p", true}});
  const std::size_t shown = std::min(analysis.missing_patterns.size(), patterns_shown);
  for (std::size_t i = 0; i < shown; ++i) {
    const MissingPattern& pattern = analysis.missing_patterns[i];
    out += "<tr>";
    put_row_head(out, html_name(analysis.columns[pattern.column]));
    put_cell(out, html_name(analysis.columns[pattern.category]));
    put_cell(out, missing_in(pattern.high_label, pattern.high_missing, pattern.high_rows));
    put_cell(out, missing_in(pattern.low_label, pattern.low_missing, pattern.low_rows));
    put_number_cell(out, fmt::format("{:.2f}", pattern.cramers_v));
    put_number_cell(out, html_p(pattern.p));
    out += "</tr>\n";
  }
  close_table(out);
}

}  // namespace

void write_missing(std::string& out, const Analysis& analysis) {
  open_section(out, "missing", "Missing values");
  const auto missing_columns = static_cast<std::size_t>(
      std::ranges::count_if(analysis.columns, [](const ColumnSummary& column) { return column.missing > 0; }));
  if (missing_columns == 0)
    out += "<p>Every cell of the file has a value.</p>\n";
  else
    put(out, "<p class=\"intro\">{} of {} {} values.</p>\n", readable_text(missing_columns),
        counted(analysis.columns.size(), "column"), missing_columns == 1 ? "misses" : "miss");
  if (analysis.missing_map) {
    write_map(out, analysis, *analysis.missing_map);
    if (missing_columns > analysis.missing_map->columns.size())
      put(out, "<p class=\"rest\">{} not on the map.</p>\n",
          counted(missing_columns - analysis.missing_map->columns.size(), "more column"));
  }
  write_patterns(out, analysis);
  out += "</section>\n";
}

}  // namespace circuit::analysis
