#include "workers/fulfillment/analysis/report/heat_map.hpp"

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/report/chart_figure.hpp"
#include "workers/fulfillment/analysis/report/evidence.hpp"
#include "workers/fulfillment/analysis/report/html_table.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/report/words.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t columns_max = 40;

struct Cell {
  std::size_t row;  // positions on the map, row < column
  std::size_t column;
  double r;
};

struct Map {
  std::vector<std::size_t> columns;  // in the order of the file
  std::vector<Cell> cells;
  std::size_t left_out = 0;
};

Map map_of(const Analysis& analysis) {
  std::vector<bool> is_correlated(analysis.columns.size());
  for (const Relation& pair : analysis.relations.pairs)
    if (pair.pearson) is_correlated[pair.first] = is_correlated[pair.second] = true;
  Map map;
  std::vector<std::size_t> position(analysis.columns.size(), columns_max);
  for (std::size_t i = 0; i < is_correlated.size(); ++i) {
    if (!is_correlated[i]) continue;
    if (map.columns.size() == columns_max) {
      ++map.left_out;
      continue;
    }
    position[i] = map.columns.size();
    map.columns.push_back(i);
  }
  for (const Relation& pair : analysis.relations.pairs) {
    if (!pair.pearson) continue;
    const auto [low, high] = std::minmax(position[pair.first], position[pair.second]);
    if (high < columns_max) map.cells.push_back({low, high, pair.pearson->r});
  }
  return map;
}

ChartData data_of(const Analysis& analysis, const Map& map) {
  ChartData data;
  data.begin_list("names");
  for (const std::size_t column : map.columns) data.item(analysis.columns[column].name);
  data.end_list();
  data.begin_list("cells");  // row, column, r; row, column, r; …
  for (const Cell& cell : map.cells) {
    data.item(static_cast<double>(cell.row));
    data.item(static_cast<double>(cell.column));
    data.item(cell.r);
  }
  data.end_list();
  return data;
}

std::string sentence_of(const Analysis& analysis, const Map& map) {
  std::string sentence = fmt::format("Heat map of Pearson’s r between {}.", counted(map.columns.size(), "column"));
  const auto strongest = std::ranges::max_element(map.cells, {}, [](const Cell& cell) { return std::fabs(cell.r); });
  fmt::format_to(std::back_inserter(sentence), " The strongest is {} with {}: r = {:.2f}.",
                 analysis.columns[map.columns[strongest->row]].name,
                 analysis.columns[map.columns[strongest->column]].name, strongest->r);
  return sentence;
}

// One row a pair rather than a square: it reads well on a phone and aloud.
void write_figures(std::string& out, const Analysis& analysis, const Map& map) {
  constexpr std::size_t rows_max = 200;
  open_table(out, "Pearson’s r, the strongest first", {{"Columns"}, {"r", true}});
  for (std::size_t i = 0; i < std::min(map.cells.size(), rows_max); ++i) {
    const Cell& cell = map.cells[i];
    put(out, "<tr><th scope=\"row\">{} and {}</th><td class=\"number\">{}</td></tr>\n",
        html_name(analysis.columns[map.columns[cell.row]]), html_name(analysis.columns[map.columns[cell.column]]),
        with_minus_signs(fmt::format("{:.3f}", cell.r)));
  }
  close_table(out);
  if (map.cells.size() > rows_max) put(out, "<p class=\"rest\">All {} are in analysis.json.</p>\n", map.cells.size());
}

}  // namespace

void write_heat_map(std::string& out, const Analysis& analysis) {
  const Map map = map_of(analysis);
  if (map.columns.size() < 3) return;
  out += "<h3>All correlations at a glance</h3>\n";
  open_chart(out, "heat", sentence_of(analysis, map), data_of(analysis, map));
  std::string caption =
      "Pearson’s r of each number with each other: the fuller the colour, the closer to a straight line.";
  if (map.left_out > 0) put(caption, " {} more in analysis.json.", counted(map.left_out, "column"));
  put_caption(out, caption);
  open_figures(out);
  write_figures(out, analysis, map);
  close_chart(out);
}

}  // namespace circuit::analysis
