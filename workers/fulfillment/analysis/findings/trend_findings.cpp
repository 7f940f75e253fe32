#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "workers/fulfillment/analysis/findings/score.hpp"
#include "workers/fulfillment/analysis/findings/series_facts.hpp"
#include "workers/fulfillment/analysis/findings/series_findings.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/series/calendar.hpp"

namespace circuit::analysis {
namespace {

constexpr double explained_told_min = 0.1;

// The unit of time in which a change is told: it passes twice at least.
Period rate_period(std::span<const TimeSeries::Step> steps) {
  const double years = static_cast<double>(steps.back().start_us - steps.front().start_us) / year_us;
  for (const Period period : {Period::year, Period::month, Period::day})
    if (years * periods_per_year(period) >= 2) return period;
  return Period::hour;
}

std::string trend_text(const TimeSeries& series, const Analysis& analysis) {
  const Trend& trend = *series.trend;
  const auto steps = whole_steps(series);
  const Period rate = rate_period(steps);
  // A line may pass below nothing where no value does.
  const bool is_positive = std::ranges::all_of(series.steps, [](const auto& step) { return step.value >= 0; });
  const double start = is_positive ? std::max(0.0, trend.start) : trend.start;
  const double end = is_positive ? std::max(0.0, trend.end) : trend.end;
  const std::string subject = series.value
                                  ? in_quotes(analysis.columns[*series.value].name)
                                  : fmt::format("The number of rows per {} (by {})", period_name(series.period),
                                                in_quotes(analysis.columns[series.date].name));
  return fmt::format("{} {}: from about {} {} to about {} {}{}, which is {} a {}{}.", subject,
                     trend.per_year > 0 ? "rises" : "falls", value_text(start, series, analysis),
                     when_text(steps.front().start_us, series.period), value_text(end, series, analysis),
                     when_text(steps.back().start_us, series.period), ratio_text(start, end, series),
                     value_text(std::fabs(trend.per_year) / periods_per_year(rate), series, analysis),
                     period_name(rate), series.seasons.empty() ? "" : ", the season taken out");
}

// ---- swings ----

// A move between two steps.
struct Move {
  std::size_t from = 0;
  std::size_t to = 0;
  double size = 0;  // positive
};

// The largest fall (sign -1) or rise (sign 1) from a step to a later one.
Move largest_move(std::span<const TimeSeries::Step> steps, double sign) {
  Move largest;
  std::size_t start = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (sign * steps[i].value < sign * steps[start].value) start = i;
    const double size = sign * (steps[i].value - steps[start].value);
    if (size > largest.size) largest = {start, i, size};
  }
  return largest;
}

// Not simply the way from one end to the other, and half of all that there is to be crossed.
std::optional<Move> swing_of(std::span<const TimeSeries::Step> steps) {
  const auto [low, high] = std::ranges::minmax(steps, {}, &TimeSeries::Step::value);
  std::optional<Move> swing;
  for (const double sign : {-1.0, 1.0}) {
    const Move move = largest_move(steps, sign);
    if ((move.to - move.from) * 5 > steps.size() * 4 || move.size * 2 < high.value - low.value) continue;
    if (!swing || move.size > swing->size) swing = move;
  }
  return swing;
}

Finding swing_finding(const Analysis& analysis, std::size_t index, const Move& move) {
  const TimeSeries& series = analysis.series[index];
  const TimeSeries::Step& from = series.steps[move.from];
  const TimeSeries::Step& to = series.steps[move.to];
  const TimeSeries::Step& last = series.steps.back();
  const auto at = [&](const TimeSeries::Step& step) {
    return fmt::format("{} {}", value_text(step.value, series, analysis), when_text(step.start_us, series.period));
  };
  const std::string end = move.to + 1 == series.steps.size() ? "" : fmt::format(" and ended at {}", at(last));
  const bool is_fall = to.value < from.value;
  return {
      .kind = is_fall ? "swing_down" : "swing_up",
      .text = fmt::format("{} {} from {} to {}{}{}.", in_quotes(analysis.columns[*series.value].name),
                          is_fall ? "fell" : "rose", at(from), at(to), ratio_text(from.value, to.value, series), end),
      .score = score(size_of_change(move.size, from.value, series), certainty_of_count(series.steps.size()),
                     interest::swing),
      .columns = columns_of(series),
      .evidence = Evidence::series,
      .evidence_index = index};
}

}  // namespace

std::vector<Finding> trend_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < analysis.series.size(); ++i) {
    const TimeSeries& series = analysis.series[i];
    if (!is_told(analysis, series) || !series.trend || series.trend->p >= p_told_max) continue;
    const Trend& trend = *series.trend;
    if (trend.r_squared < explained_told_min) continue;
    const double size = size_of_change(trend.end - trend.start, (trend.start + trend.end) / 2, series);
    findings.push_back({.kind = series.value ? "trend" : "count_trend",
                        .text = trend_text(series, analysis),
                        .score = score(std::sqrt(trend.r_squared) * size, certainty_of_p(trend.p),
                                       series.value ? interest::trend : interest::count_trend),
                        .columns = columns_of(series),
                        .evidence = Evidence::series,
                        .evidence_index = i});
  }
  return findings;
}

std::vector<Finding> swing_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < analysis.series.size(); ++i) {
    const TimeSeries& series = analysis.series[i];
    if (!is_told(analysis, series) || !series.value || !series.seasons.empty() || !moves_slowly(series)) continue;
    if (const auto swing = swing_of(series.steps)) findings.push_back(swing_finding(analysis, i, *swing));
  }
  return findings;
}

}  // namespace circuit::analysis
