#include "workers/fulfillment/analysis/report/relation_picture.hpp"

#include <algorithm>

#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/report/chart_figure.hpp"
#include "workers/fulfillment/analysis/report/evidence.hpp"
#include "workers/fulfillment/analysis/report/html_table.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/report/words.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t points_drawn = 1000;
constexpr std::size_t groups_drawn = 20;

struct Pair {
  const Relation& relation;
  const ColumnSummary& first;
  const ColumnSummary& second;
};

void write_correlation(std::string& out, const char* name, const std::optional<Correlation>& correlation) {
  if (!correlation) return;
  out += "<tr>";
  put_row_head(out, name);
  put_number_cell(out, with_minus_signs(fmt::format("{:.4f}", correlation->r)));
  put_number_cell(out, html_text(p_text(correlation->p)));
  put_number_cell(out, readable_text(correlation->n));
  out += "</tr>\n";
}

void write_scatter(std::string& out, const Pair& pair) {
  const std::vector<Point>& points = pair.relation.points;
  const std::size_t stride = (points.size() + points_drawn - 1) / points_drawn;
  ChartData data;
  data.text("x_name", pair.first.name);
  data.text("y_name", pair.second.name);
  data.begin_list("x");
  for (std::size_t i = 0; i < points.size(); i += stride) data.item(points[i].x);
  data.end_list();
  data.begin_list("y");
  for (std::size_t i = 0; i < points.size(); i += stride) data.item(points[i].y);
  data.end_list();
  open_chart(
      out, "scatter",
      fmt::format("Scatter plot of {} against {}: {}.", pair.second.name, pair.first.name, measure_text(pair.relation)),
      std::move(data));
  put_caption(out, fmt::format("{}, with the straight line that fits them best.",
                               counted((points.size() + stride - 1) / stride, "row")));
  open_figures(out);
  open_table(out, fmt::format("{} and {}", html_name(pair.first), html_name(pair.second)),
             {{"Measure"}, {"Value", true}, {"p", true}, {"n", true}});
  write_correlation(out, "Pearson’s r", pair.relation.pearson);
  write_correlation(out, "Spearman’s ρ", pair.relation.spearman);
  close_table(out);
  out += "<p class=\"rest\">The points are in analysis.json.</p>\n";
  close_chart(out);
}

void write_groups_table(std::string& out, const Pair& pair, std::size_t shown) {
  open_table(out, fmt::format("{} by {}", html_name(pair.second), html_name(pair.first)),
             {{"Group"},
              {"Rows", true},
              {"Mean", true},
              {"First quartile", true},
              {"Median", true},
              {"Third quartile", true}});
  for (std::size_t i = 0; i < shown; ++i) {
    const Group& group = pair.relation.groups[i];
    out += "<tr>";
    put_row_head(out, html_text(group.label, value_max));
    put_number_cell(out, readable_text(group.n));
    for (const double value : {group.mean, group.first_quartile, group.median, group.third_quartile})
      put_number_cell(out, html_number(pair.second, value));
    out += "</tr>\n";
  }
  close_table(out);
}

void write_groups(std::string& out, const Pair& pair) {
  const std::vector<Group>& groups = pair.relation.groups;
  const std::size_t shown = std::min(groups.size(), groups_drawn);
  ChartData data;
  data.text("name", pair.second.name);
  const auto list = [&](const char* key, auto member) {
    data.begin_list(key);
    for (std::size_t i = 0; i < shown; ++i) data.item(member(groups[i]));
    data.end_list();
  };
  list("labels", [](const Group& group) { return std::string_view(group.label); });
  list("n", [](const Group& group) { return static_cast<double>(group.n); });
  list("mean", [](const Group& group) { return group.mean; });
  list("q1", [](const Group& group) { return group.first_quartile; });
  list("median", [](const Group& group) { return group.median; });
  list("q3", [](const Group& group) { return group.third_quartile; });
  open_chart(out, "groups",
             fmt::format("{} by {}: the mean is highest for {}, {}, and lowest for {}, {}.", pair.second.name,
                         pair.first.name, groups.front().label, about(groups.front().mean), groups[shown - 1].label,
                         about(groups[shown - 1].mean)),
             std::move(data));
  put_caption(out, "The bar spans the middle half of the values, the stroke is their median, the dot their mean.");
  open_figures(out);
  write_groups_table(out, pair, shown);
  close_chart(out);
}

void write_cross_rows(std::string& out, const CrossTable& table) {
  for (std::size_t row = 0; row < table.row_labels.size(); ++row) {
    out += "<tr>";
    put_row_head(out, html_text(table.row_labels[row], value_max));
    for (const std::size_t count : table.counts[row]) put_number_cell(out, readable_text(count));
    out += "</tr>\n";
  }
}

void write_cross(std::string& out, const Pair& pair) {
  const CrossTable& table = *pair.relation.cross_table;
  ChartData data;
  data.text("row_name", pair.first.name);
  data.text("column_name", pair.second.name);
  data.begin_list("rows");
  for (const std::string& label : table.row_labels) data.item(label);
  data.end_list();
  data.begin_list("columns");
  for (const std::string& label : table.column_labels) data.item(label);
  data.end_list();
  data.begin_list("counts");
  for (const auto& row : table.counts)
    for (const std::size_t count : row) data.item(static_cast<double>(count));
  data.end_list();
  open_chart(out, "cross",
             fmt::format("Table of how often each value of {} comes with each value of {}: {}.", pair.first.name,
                         pair.second.name, measure_text(pair.relation)),
             std::move(data));
  put_caption(out, "Rows with both values; the fuller the colour, the larger the share of its line.");
  open_figures(out);
  put(out,
      "<div class=\"scroll\" tabindex=\"0\"><table>\n<caption>Rows by {} (lines) and {} "
      "(columns)</caption>\n<thead><tr><td></td>",
      html_name(pair.first), html_name(pair.second));
  for (const std::string& label : table.column_labels)
    put(out, "<th scope=\"col\" class=\"number\">{}</th>", html_text(label, short_name_max));
  out += "</tr></thead>\n<tbody>\n";
  write_cross_rows(out, table);
  close_table(out);
  close_chart(out);
}

std::string explanation(const Pair& pair) {
  const Relation& relation = pair.relation;
  const std::string adjusted = p_text(relation.p_adjusted);
  if (relation.difference)
    return fmt::format(
        "The groups of {} explain {} of the variance of {} (η² = {:.3f}, F = {}, p adjusted {}; {}, {}).",
        html_name(pair.first), share_text(relation.difference->eta_squared), html_name(pair.second),
        relation.difference->eta_squared, about(relation.difference->f), html_text(adjusted),
        counted(relation.difference->n, "row"), counted(relation.difference->groups, "group"));
  if (relation.association)
    return fmt::format(
        "Cramér’s V = {:.2f} (χ² = {} with {} degrees of freedom, p adjusted {}; {}).{}",
        relation.association->cramers_v, about(relation.association->chi_squared),
        readable_text(relation.association->degrees_of_freedom), html_text(adjusted),
        counted(relation.association->n, "row"),
        relation.association->has_small_cells ? " Many combinations are rare, so p is only a rough guide." : "");
  std::string text = fmt::format("Pearson’s r = {:.2f}", relation.pearson ? relation.pearson->r : 0);
  if (relation.spearman) put(text, ", Spearman’s ρ = {:.2f}", relation.spearman->r);
  put(text, " (p adjusted {}; {}).", html_text(adjusted), counted(rows_compared(relation), "row"));
  return with_minus_signs(text);
}

}  // namespace

bool can_be_pictured(const Relation& relation) {
  return !relation.points.empty() || !relation.groups.empty() || relation.cross_table.has_value();
}

void write_relation_picture(std::string& out, const Analysis& analysis, std::size_t index) {
  const Relation& relation = analysis.relations.pairs[index];
  const Pair pair{relation, analysis.columns[relation.first], analysis.columns[relation.second]};
  put(out, "<article id=\"relation-{}\" class=\"relation\">\n<h3>{}</h3>\n<p>{}</p>\n", index + 1,
      html_pair(analysis, relation), explanation(pair));
  if (!relation.points.empty())
    write_scatter(out, pair);
  else if (!relation.groups.empty())
    write_groups(out, pair);
  else
    write_cross(out, pair);
  out += "</article>\n";
}

}  // namespace circuit::analysis
