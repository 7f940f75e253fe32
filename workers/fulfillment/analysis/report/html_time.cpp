// Numbers over time: a line with its trend, and a bar for each position in a cycle that repeats.
#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/report/chart_figure.hpp"
#include "workers/fulfillment/analysis/report/evidence.hpp"
#include "workers/fulfillment/analysis/report/html_sections.hpp"
#include "workers/fulfillment/analysis/report/html_table.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/report/words.hpp"
#include "workers/fulfillment/analysis/series/calendar.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"
#include "workers/fulfillment/analysis/text/utf8.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t series_shown = 10;
constexpr std::size_t series_listed = 200;
constexpr std::size_t points_drawn = 1500;
constexpr std::size_t rows_listed = 60;
constexpr std::size_t seasons_shown = 3;
constexpr double significant = 0.05;

std::string plain_name(const Analysis& analysis, const TimeSeries& series) {
  return series.value ? clip(analysis.columns[*series.value].name, name_max) : "Rows";
}

std::int64_t longest_us(Period period) {
  constexpr std::int64_t hour = 3'600'000'000;
  constexpr std::int64_t hours[] = {1, 24, 7 * 24, 31 * 24, 92 * 24, 366 * 24};
  return hours[static_cast<std::size_t>(period)] * hour;
}

std::string size_text(const Analysis& analysis, const TimeSeries& series, double value) {
  return series.value ? amount(value, analysis.columns[*series.value]) : about(value) + " rows";
}

// "Rises by 29.1 a year (p < 0.001, R² = 0.04)."
std::string trend_text(const Analysis& analysis, const TimeSeries& series) {
  const Trend& trend = *series.trend;
  if (trend.p >= significant) return fmt::format("No steady trend (p {}).", p_text(trend.p));
  return fmt::format("{} by {} a year (p {}, R² = {:.2f}).", trend.per_year < 0 ? "Falls" : "Rises",
                     size_text(analysis, series, std::fabs(trend.per_year)), p_text(trend.p), trend.r_squared);
}

// "The day of the week explains 71% of the variation (p < 0.001): highest on Saturdays (386), lowest on Mondays (251)."
std::string season_text(const Analysis& analysis, const TimeSeries& series, const Season& season) {
  const auto extreme = [&](std::size_t at) {
    return fmt::format("{} ({})", position_text(season.cycle, at),
                       size_text(analysis, series, season.means[at].value_or(0)));
  };
  return fmt::format("The {} explains {} of the variation (p {}): highest {}, lowest {}.", cycle_name(season.cycle),
                     share_text(season.share), p_text(season.p), extreme(season.high), extreme(season.low));
}

// Neighbouring steps are drawn as their mean where there are more than a screen can show; a gap breaks the line.
void add_steps(ChartData& data, const TimeSeries& series, std::size_t together) {
  const std::int64_t step_us = longest_us(series.period);
  const auto each = [&](auto write) {
    for (std::size_t at = 0; at < series.steps.size(); at += together) {
      const std::size_t end = std::min(series.steps.size(), at + together);
      const bool is_behind_gap = at > 0 && series.value.has_value() &&
                                 series.steps[at].start_us - series.steps[at - 1].start_us > step_us + step_us / 2;
      write(at, end, is_behind_gap);
    }
  };
  data.begin_list("t");
  each([&](std::size_t at, std::size_t, bool is_behind_gap) {
    const auto start_us = static_cast<double>(series.steps[at].start_us);
    if (is_behind_gap) data.moment(start_us - 1);
    data.moment(start_us);
  });
  data.end_list();
  data.begin_list("v");
  each([&](std::size_t at, std::size_t end, bool is_behind_gap) {
    double sum = 0;
    for (std::size_t i = at; i < end; ++i) sum += series.steps[i].value;
    if (is_behind_gap) data.gap();
    data.item(sum / static_cast<double>(end - at));
  });
  data.end_list();
}

void write_steps_table(std::string& out, const std::string& name, const TimeSeries& series) {
  open_table(out, fmt::format("{}: {}", name, series.steps.size() > rows_listed ? "the last periods" : "each period"),
             {{"From"}, {series.value ? "Mean" : "Count", true}, {"Rows", true}});
  const std::size_t first = series.steps.size() > rows_listed ? series.steps.size() - rows_listed : 0;
  for (std::size_t i = first; i < series.steps.size(); ++i) {
    const TimeSeries::Step& step = series.steps[i];
    out += "<tr>";
    put_row_head(out, period_label(series.period, step.start_us));
    put_number_cell(out, html_number(step.value));
    put_number_cell(out, readable_text(step.rows));
    out += "</tr>\n";
  }
  close_table(out);
  if (first > 0)
    put(out, "<p class=\"rest\">All {} are in analysis.json.</p>\n", counted(series.steps.size(), "period"));
}

bool is_steady(const TimeSeries& series) { return series.trend && series.trend->p < significant; }

const char* partial_periods(const TimeSeries& series) {
  if (series.is_first_partial && series.is_last_partial) return "the first and the last are";
  return series.is_first_partial ? "the first is" : "the last is";
}

std::string line_caption(const TimeSeries& series, std::size_t together) {
  std::string caption = fmt::format("{} from {} to {}", counted(series.steps.size(), period_name(series.period)),
                                    period_label(series.period, series.steps.front().start_us),
                                    period_label(series.period, series.steps.back().start_us));
  if (series.empty_periods > 0)
    put(caption, "; {} between them {} no rows", readable_text(series.empty_periods),
        series.empty_periods == 1 ? "has" : "have");
  if (series.is_first_partial || series.is_last_partial)
    put(caption, "; {} there only in part", partial_periods(series));
  if (series.rows_left_out > 0)
    put(caption, "; without {} far away from all others", counted(series.rows_left_out, "row"));
  if (together > 1) put(caption, "; each point is the mean of {} neighbours", together);
  if (is_steady(series)) caption += ". The dashed line is the trend once the seasons are taken out";
  return caption + ".";
}

ChartData line_data(const std::string& name, const TimeSeries& series, std::size_t together) {
  ChartData data;
  data.text("name", name);
  data.flag("is_count", !series.value);
  data.text("period", period_name(series.period));
  add_steps(data, series, together);
  if (is_steady(series)) {
    data.begin_list("trend");
    data.item(series.trend->start);
    data.item(series.trend->end);
    data.end_list();
  }
  return data;
}

void write_line(std::string& out, const Analysis& analysis, const TimeSeries& series) {
  const std::string name = plain_name(analysis, series);
  const std::size_t together = (series.steps.size() + points_drawn - 1) / points_drawn;
  open_chart(out, "series",
             fmt::format("Line chart of {} by {}, from {} to {}. {}", name, period_name(series.period),
                         period_label(series.period, series.steps.front().start_us),
                         period_label(series.period, series.steps.back().start_us),
                         series.trend ? trend_text(analysis, series) : ""),
             line_data(name, series, together));
  put_caption(out, line_caption(series, together));
  open_figures(out);
  write_steps_table(out, html_series(analysis, series), series);
  close_chart(out);
}

void write_season(std::string& out, const Analysis& analysis, const TimeSeries& series, const Season& season) {
  const std::string name = plain_name(analysis, series);
  ChartData data;
  data.text("name", name);
  data.text("cycle", cycle_name(season.cycle));
  data.begin_list("labels");
  for (std::size_t i = 0; i < season.means.size(); ++i) data.item(position_name(season.cycle, i));
  data.end_list();
  data.begin_list("means");
  for (const auto& mean : season.means) mean ? data.item(*mean) : data.gap();
  data.end_list();
  open_chart(out, "season",
             fmt::format("Bar chart of the mean of {} by the {}. {}", name, cycle_name(season.cycle),
                         season_text(analysis, series, season)),
             std::move(data));
  put_caption(out, fmt::format("Mean by the {}; bars start at the mean of all.", cycle_name(season.cycle)));
  open_figures(out);
  open_table(out, fmt::format("{}: mean by the {}", html_series(analysis, series), cycle_name(season.cycle)),
             {{"When"}, {"Mean", true}});
  for (std::size_t i = 0; i < season.means.size(); ++i) {
    out += "<tr>";
    put_row_head(out, position_name(season.cycle, i));
    put_number_cell(out, season.means[i] ? html_number(*season.means[i]) : "no rows");
    out += "</tr>\n";
  }
  close_table(out);
  close_chart(out);
}

void write_series(std::string& out, const Analysis& analysis, std::size_t index) {
  const TimeSeries& series = analysis.series[index];
  put(out, "<article id=\"series-{}\" class=\"series\">\n<h3>{}</h3>\n<p>", index + 1, html_series(analysis, series));
  if (series.trend) put(out, "{} ", html_sentence(trend_text(analysis, series)));
  for (const Season& season : series.seasons) put(out, "{} ", html_sentence(season_text(analysis, series, season)));
  if (!series.trend && series.seasons.empty()) out += "Too few periods to tell a trend or a season.";
  out += "</p>\n";
  if (!series.steps.empty()) write_line(out, analysis, series);
  if (!series.seasons.empty()) {
    out += "<div class=\"side-by-side\">\n";
    for (std::size_t i = 0; i < std::min(series.seasons.size(), seasons_shown); ++i)
      write_season(out, analysis, series, series.seasons[i]);
    out += "</div>\n";
  }
  out += "</article>\n";
}

// Series without a picture, so that a finding's link leads somewhere.
void write_rest(std::string& out, const Analysis& analysis) {
  if (analysis.series.size() <= series_shown) return;
  const std::size_t end = std::min(analysis.series.size(), series_listed);
  out += "<h3>Other series</h3>\n<ul>\n";
  for (std::size_t i = series_shown; i < end; ++i) {
    const TimeSeries& series = analysis.series[i];
    put(out, "<li id=\"series-{}\">{}. {}</li>\n", i + 1, html_series(analysis, series),
        series.trend ? html_sentence(trend_text(analysis, series)) : "");
  }
  out += "</ul>\n<p class=\"rest\">Their figures are in analysis.json.</p>\n";
}

}  // namespace

void write_time(std::string& out, const Analysis& analysis) {
  open_section(out, "time", "Time");
  if (analysis.series.empty()) {
    out += "<p>No column of dates covers enough periods to show anything over time.</p>\n";
  } else {
    put(out,
        "<p class=\"intro\">What the numbers do along <bdi>{}</bdi>: the mean in each period, or how many rows it "
        "has.</p>\n",
        html_text(analysis.columns[analysis.series.front().date].name, name_max));
    for (std::size_t i = 0; i < std::min(analysis.series.size(), series_shown); ++i) write_series(out, analysis, i);
    write_rest(out, analysis);
  }
  out += "</section>\n";
}

}  // namespace circuit::analysis
