#include "workers/fulfillment/analysis/report/histogram_chart.hpp"

#include <algorithm>

#include "workers/fulfillment/analysis/report/chart_figure.hpp"
#include "workers/fulfillment/analysis/report/html_table.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/report/words.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t bins_listed = 100;

std::string edge_text(const ColumnSummary& column, double edge) {
  if (column.dates) return when_text(static_cast<std::int64_t>(edge), column.dates->is_days);
  return value_text(column, edge);
}

ChartData data_of(const ColumnSummary& column) {
  ChartData data;
  data.text("name", column.name);
  data.flag("is_date", column.dates.has_value());
  data.begin_list("edges");
  for (const double edge : column.distribution->edges) column.dates ? data.moment(edge) : data.item(edge);
  data.end_list();
  data.begin_list("counts");
  for (const std::size_t count : column.distribution->counts) data.item(static_cast<double>(count));
  data.end_list();
  if (column.numbers) {
    const NumberSummary& numbers = *column.numbers;
    data.text("unit", numbers.unit);
    data.number("mean", numbers.mean);
    data.number("p5", numbers.percentile_5);
    data.number("q1", numbers.first_quartile);
    data.number("median", numbers.median);
    data.number("q3", numbers.third_quartile);
    data.number("p95", numbers.percentile_95);
  }
  return data;
}

std::string sentence_of(const ColumnSummary& column) {
  const Distribution& distribution = *column.distribution;
  const auto most =
      static_cast<std::size_t>(std::ranges::max_element(distribution.counts) - distribution.counts.begin());
  return fmt::format("Histogram of {}: {} from {} to {}; the fullest of {}, {} to {}, has {}.", column.name,
                     counted(column.count, "value"), edge_text(column, distribution.edges.front()),
                     edge_text(column, distribution.edges.back()), counted(distribution.counts.size(), "bin"),
                     edge_text(column, distribution.edges[most]), edge_text(column, distribution.edges[most + 1]),
                     readable_text(distribution.counts[most]));
}

}  // namespace

void write_histogram(std::string& out, const ColumnSummary& column) {
  const Distribution& distribution = *column.distribution;
  open_chart(out, "histogram", sentence_of(column), data_of(column));
  put_caption(out, with_minus_signs(fmt::format("{} from {} to {}.", counted(distribution.counts.size(), "bin"),
                                                edge_text(column, distribution.edges.front()),
                                                edge_text(column, distribution.edges.back()))));
  open_figures(out);
  open_table(out, fmt::format("Bins of {}", html_name(column)), {{"From"}, {"Up to"}, {"Values", true}});
  for (std::size_t i = 0; i < std::min(distribution.counts.size(), bins_listed); ++i) {
    out += "<tr>";
    put_row_head(out, with_minus_signs(edge_text(column, distribution.edges[i])));
    put_cell(out, with_minus_signs(edge_text(column, distribution.edges[i + 1])));
    put_number_cell(out, readable_text(distribution.counts[i]));
    out += "</tr>\n";
  }
  close_table(out);
  close_chart(out);
}

}  // namespace circuit::analysis
