#include "workers/fulfillment/analysis/svg_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "workers/fulfillment/analysis/html_text.hpp"
#include "workers/fulfillment/analysis/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr double width = 480;

std::string open_svg(std::size_t id, double height, const std::string& title) {
  return fmt::format(
      "<svg role=\"img\" aria-labelledby=\"chart-{0}\" viewBox=\"0 0 {1} {2}\"><title id=\"chart-{0}\">{3}</title>\n",
      id, width, height, title);
}

std::string edge_label(const ColumnSummary& column, const std::string& edge) {
  if (!column.is_numeric()) return html_text(edge);
  double value = 0;
  std::from_chars(edge.data(), edge.data() + edge.size(), value);
  return readable_text(value);
}

double share_of(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::string histogram_svg(const ColumnSummary& column, std::size_t id) {
  constexpr double plot_height = 120;
  constexpr double height = 144;
  const Distribution& distribution = *column.distribution;
  const std::size_t tallest = *std::ranges::max_element(distribution.counts);
  const std::string low = edge_label(column, distribution.edges.front());
  const std::string high = edge_label(column, distribution.edges.back());
  std::string out = open_svg(
      id, height,
      fmt::format("Histogram of {}: {} in bins from {} to {}, at most {} in one bin", html_text(column.name, 80),
                  counted(column.count, "value"), low, high, readable_text(tallest)));
  const double bin_width = width / static_cast<double>(distribution.counts.size());
  for (std::size_t i = 0; i < distribution.counts.size(); ++i) {
    if (distribution.counts[i] == 0) continue;
    // A bin that holds anything at all stays visible.
    const double bar = std::max(1.5, plot_height * share_of(distribution.counts[i], tallest));
    fmt::format_to(
        std::back_inserter(out),
        "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\"><title>{} to {}: {}</title></rect>\n",
        static_cast<double>(i) * bin_width + 0.5, plot_height - bar, bin_width - 1, bar,
        edge_label(column, distribution.edges[i]), edge_label(column, distribution.edges[i + 1]),
        readable_text(distribution.counts[i]));
  }
  fmt::format_to(std::back_inserter(out),
                 "<line x1=\"0\" y1=\"{0}\" x2=\"{1}\" y2=\"{0}\"/>\n<text x=\"0\" y=\"{2}\">{3}</text>"
                 "<text x=\"{1}\" y=\"{2}\" text-anchor=\"end\">{4}</text>\n</svg>\n",
                 plot_height, width, height - 6, low, high);
  return out;
}

std::string bars_svg(const ColumnSummary& column, std::size_t id) {
  constexpr double row_height = 22;
  constexpr double label_width = 170;
  constexpr double count_width = 70;
  constexpr double bar_width_max = width - label_width - count_width;
  const double height = row_height * static_cast<double>(column.top_values.size());
  const TopValue& first = column.top_values.front();
  std::string out =
      open_svg(id, height,
               fmt::format("Most frequent values of {}: {} comes first with {}", html_text(column.name, 80),
                           html_text(first.text, 60), readable_text(first.count)));
  double y = 0;
  for (const TopValue& top : column.top_values) {
    const double bar = std::max(1.5, bar_width_max * share_of(top.count, first.count));
    fmt::format_to(
        std::back_inserter(out),
        "<text x=\"{0}\" y=\"{1}\" text-anchor=\"end\">{2}</text><rect x=\"{3}\" y=\"{4}\" width=\"{5:.2f}\" "
        "height=\"14\"/><text x=\"{6:.2f}\" y=\"{1}\">{7}</text>\n",
        label_width - 8, y + 15, html_text(top.text, 24), label_width, y + 4, bar, label_width + bar + 6,
        readable_text(top.count));
    y += row_height;
  }
  return out + "</svg>\n";
}

}  // namespace circuit::analysis
