#include "workers/fulfillment/analysis/report/json_parts.hpp"

namespace circuit::analysis {
namespace {

using Layout = JsonWriter::Layout;

void write_correlation(JsonWriter& json, const char* key, const std::optional<Correlation>& correlation) {
  json.key(key);
  if (!correlation) return json.null();
  json.begin_object(Layout::one_line);
  json.member("r", correlation->r);
  json.member("p", correlation->p);
  json.member("n", correlation->n);
  json.end();
}

void write_difference(JsonWriter& json, const std::optional<GroupDifference>& difference) {
  json.key("difference");
  if (!difference) return json.null();
  json.begin_object(Layout::one_line);
  json.member("eta_squared", difference->eta_squared);
  json.member("f", difference->f);
  json.member("p", difference->p);
  json.member("n", difference->n);
  json.member("groups", difference->groups);
  json.end();
}

void write_association(JsonWriter& json, const std::optional<Association>& association) {
  json.key("association");
  if (!association) return json.null();
  json.begin_object(Layout::one_line);
  json.member("cramers_v", association->cramers_v);
  json.member("cramers_v_uncorrected", association->cramers_v_uncorrected);
  json.member("chi_squared", association->chi_squared);
  json.member("degrees_of_freedom", association->degrees_of_freedom);
  json.member("p", association->p);
  json.member("n", association->n);
  json.member("has_small_cells", association->has_small_cells);
  json.end();
}

void write_points(JsonWriter& json, const std::vector<Point>& points) {
  json.key("points");
  json.begin_array(Layout::one_line);
  for (const Point& point : points) {
    json.begin_object();
    json.member("x", point.x);
    json.member("y", point.y);
    json.end();
  }
  json.end();
}

void write_groups(JsonWriter& json, const std::vector<Group>& groups) {
  json.key("groups");
  json.begin_array();
  for (const Group& group : groups) {
    json.begin_object(Layout::one_line);
    json.member("label", group.label);
    json.member("n", group.n);
    json.member("mean", group.mean);
    json.member("first_quartile", group.first_quartile);
    json.member("median", group.median);
    json.member("third_quartile", group.third_quartile);
    json.end();
  }
  json.end();
}

void write_labels(JsonWriter& json, const char* key, const std::vector<std::string>& labels) {
  json.key(key);
  json.begin_array(Layout::one_line);
  for (const std::string& label : labels) json.string(label);
  json.end();
}

void write_cross_table(JsonWriter& json, const std::optional<CrossTable>& table) {
  json.key("cross_table");
  if (!table) return json.null();
  json.begin_object();
  write_labels(json, "row_labels", table->row_labels);
  write_labels(json, "column_labels", table->column_labels);
  json.key("counts");
  json.begin_array();
  for (const auto& row : table->counts) {
    json.begin_array(Layout::one_line);
    for (const std::size_t count : row) json.number(count);
    json.end();
  }
  json.end();
  json.end();
}

void write_trend(JsonWriter& json, const std::optional<Trend>& trend) {
  json.key("trend");
  if (!trend) return json.null();
  json.begin_object(Layout::one_line);
  json.member("per_year", trend->per_year);
  json.member("start", trend->start);
  json.member("end", trend->end);
  json.member("r_squared", trend->r_squared);
  json.member("p", trend->p);
  json.end();
}

const char* cycle_word(Cycle cycle) {
  constexpr const char* words[] = {"hour_of_day", "day_of_week", "month_of_year"};
  return words[static_cast<std::size_t>(cycle)];
}

const char* period_word(Period period) {
  constexpr const char* words[] = {"hour", "day", "week", "month", "quarter", "year"};
  return words[static_cast<std::size_t>(period)];
}

void write_season(JsonWriter& json, const Season& season) {
  json.begin_object();
  json.member("cycle", cycle_word(season.cycle));
  json.member("share", season.share);
  json.member("p", season.p);
  json.key("means");
  json.begin_array(Layout::one_line);
  for (const auto& mean : season.means) mean ? json.number(*mean) : json.null();
  json.end();
  json.member("high", season.high);
  json.member("low", season.low);
  json.end();
}

}  // namespace

void write_relation(JsonWriter& json, const Analysis& analysis, const Relation& relation) {
  json.begin_object();
  json.member("first", analysis.columns[relation.first].name);
  json.member("second", analysis.columns[relation.second].name);
  write_correlation(json, "pearson", relation.pearson);
  write_correlation(json, "spearman", relation.spearman);
  write_difference(json, relation.difference);
  write_association(json, relation.association);
  json.member("strength", relation.strength);
  json.member("p_adjusted", relation.p_adjusted);
  write_points(json, relation.points);
  write_groups(json, relation.groups);
  write_cross_table(json, relation.cross_table);
  json.end();
}

void write_series(JsonWriter& json, const Analysis& analysis, const TimeSeries& series) {
  json.begin_object();
  json.member("date", analysis.columns[series.date].name);
  json.key("value");
  series.value ? json.string(analysis.columns[*series.value].name) : json.null();
  json.member("period", period_word(series.period));
  json.key("steps");
  json.begin_array();
  for (const TimeSeries::Step& step : series.steps) {
    json.begin_object(Layout::one_line);
    json.member("start", rfc3339_text(step.start_us));
    json.member("value", step.value);
    json.member("rows", step.rows);
    json.end();
  }
  json.end();
  json.member("empty_periods", series.empty_periods);
  json.member("is_first_partial", series.is_first_partial);
  json.member("is_last_partial", series.is_last_partial);
  json.member("rows_left_out", series.rows_left_out);
  write_trend(json, series.trend);
  json.key("seasons");
  json.begin_array();
  for (const Season& season : series.seasons) write_season(json, season);
  json.end();
  json.end();
}

}  // namespace circuit::analysis
