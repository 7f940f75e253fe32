#include "workers/fulfillment/analysis/findings/series_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/findings/names.hpp"
#include "workers/fulfillment/analysis/findings/score.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/series/calendar.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr double explained_told_min = 0.1;

struct Range {
  double low = 0;
  double high = 0;
};

Range range_of(const TimeSeries& series) {
  Range range{series.steps.front().value, series.steps.front().value};
  for (const auto& step : series.steps) {
    range.low = std::min(range.low, step.value);
    range.high = std::max(range.high, step.value);
  }
  return range;
}

// Full from a change of a fifth of the level on. What can be negative, such as a temperature, has no level but a range.
double size_of_change(double change, double level, const Range& range) {
  constexpr double full_change = 0.2;
  const double unit = range.low >= 0 ? std::fabs(level) : range.high - range.low;
  return unit > 0 ? std::min(1.0, std::fabs(change) / unit / full_change) : 0;
}

bool is_told(const Analysis& analysis, const TimeSeries& series) {
  return !series.steps.empty() && !(series.value && is_identifier_name(analysis.columns[*series.value].name));
}

std::string value_text(double value, const TimeSeries& series, const Analysis& analysis) {
  return series.value ? amount(value, analysis.columns[*series.value]) : about(value);
}

std::vector<std::size_t> columns_of(const TimeSeries& series) {
  return series.value ? std::vector{series.date, *series.value} : std::vector{series.date};
}

// ---- trends ----

// The unit of time in which the change is told.
struct Rate {
  const char* name;
  double per_year;
};

Rate rate_of(const TimeSeries& series) {
  const double years = static_cast<double>(series.steps.back().start_us - series.steps.front().start_us) / year_us;
  for (const Period period : {Period::year, Period::month, Period::day})
    if (years * periods_per_year(period) >= 2) return {period_name(period), periods_per_year(period)};
  return {period_name(Period::hour), periods_per_year(Period::hour)};
}

// ", which is 24% more"; only where a share makes sense.
std::string relative_text(const Trend& trend, const Range& range) {
  constexpr double told_max = 20;
  if (range.low < 0 || !(trend.start > 0) || !(trend.end > 0)) return "";
  const double ratio = trend.end / trend.start;
  if (ratio > told_max) return "";
  return fmt::format(" ({}{})", ratio < 1 ? "-" : "+", share_text(std::fabs(ratio - 1)));
}

std::string change_text(const TimeSeries& series, const Analysis& analysis) {
  const Trend& trend = *series.trend;
  const Rate rate = rate_of(series);
  const Range range = range_of(series);
  // A line may pass below nothing where no value does.
  const double floor = range.low >= 0 ? 0 : std::min(trend.start, trend.end);
  return fmt::format("from about {} {} to about {} {}{}, by {} a {}",
                     value_text(std::max(floor, trend.start), series, analysis),
                     "in " + period_text(series.steps.front().start_us, series.period),
                     value_text(std::max(floor, trend.end), series, analysis),
                     "in " + period_text(series.steps.back().start_us, series.period), relative_text(trend, range),
                     value_text(std::fabs(trend.per_year) / rate.per_year, series, analysis), rate.name);
}

std::string trend_text(const TimeSeries& series, const Analysis& analysis) {
  const bool is_rising = series.trend->per_year > 0;
  const std::string season = series.seasons.empty() ? "" : ", the season taken out";
  if (series.value)
    return fmt::format("{} {} over time: {} (straight line{}).", in_quotes(analysis.columns[*series.value].name),
                       is_rising ? "rises" : "falls", change_text(series, analysis), season);
  return fmt::format("The number of rows per {} {} over time (by {}): {} (straight line{}).",
                     period_name(series.period), is_rising ? "rises" : "falls",
                     in_quotes(analysis.columns[series.date].name), change_text(series, analysis), season);
}

// ---- seasons ----

const char* cycle_name(Cycle cycle) {
  constexpr const char* names[] = {"hour of the day", "day of the week", "month of the year"};
  return names[static_cast<std::size_t>(cycle)];
}

std::string season_text(const TimeSeries& series, const Season& season, const Analysis& analysis) {
  const std::string high = value_text(*season.means[season.high], series, analysis);
  const std::string low = value_text(*season.means[season.low], series, analysis);
  const std::string high_when = position_text(season.cycle, season.high);
  const std::string low_when = position_text(season.cycle, season.low);
  const char* step = period_name(cycle_step(season.cycle));
  const std::string share = fmt::format("the {} accounts for {} of the variance between {}s", cycle_name(season.cycle),
                                        share_text(season.share), step);
  if (series.value)
    return fmt::format("{} is highest {} ({} on average) and lowest {} ({}); {}.",
                       in_quotes(analysis.columns[*series.value].name), high_when, high, low_when, low, share);
  return fmt::format("Rows are most frequent {} (about {} per {}) and rarest {} ({}), by {}; {}.", high_when, high,
                     step, low_when, low, in_quotes(analysis.columns[series.date].name), share);
}

Finding season_finding(const Analysis& analysis, std::size_t index, const Season& season) {
  const TimeSeries& series = analysis.series[index];
  const double high = *season.means[season.high];
  const double low = *season.means[season.low];
  const double size = size_of_change(high - low, (high + low) / 2, range_of(series));
  return {.kind = series.value ? "season" : "count_season",
          .text = season_text(series, season, analysis),
          .score = score(std::sqrt(season.share) * size, certainty_of_p(season.p),
                         series.value ? interest::season : interest::count_season),
          .columns = columns_of(series),
          .evidence = Evidence::series,
          .evidence_index = index};
}

// ---- gaps ----

struct Gap {
  std::int64_t from = 0;  // period numbers: the last one with rows, and the next one
  std::int64_t to = 0;

  [[nodiscard]] std::int64_t length() const { return std::max<std::int64_t>(0, to - from - 1); }
};

// The longest and the second longest.
std::pair<Gap, Gap> longest_gaps(const TimeSeries& series) {
  std::pair<Gap, Gap> longest;
  std::optional<std::int64_t> last;
  for (const auto& step : series.steps) {
    if (step.rows == 0) continue;
    const std::int64_t number = period_number(step.start_us, series.period);
    const Gap gap{last.value_or(number), number};
    last = number;
    if (gap.length() > longest.first.length()) {
      longest.second = longest.first;
      longest.first = gap;
    } else if (gap.length() > longest.second.length()) {
      longest.second = gap;
    }
  }
  return longest;
}

// If periods were empty at random with the share that they have, how many runs of such a length would there be? The
// pause itself does not count towards that share.
double expected_runs(const TimeSeries& series, std::int64_t length) {
  const double periods = static_cast<double>(series.steps.size() + (series.value ? series.empty_periods : 0));
  const double empty = static_cast<double>(series.empty_periods) - static_cast<double>(length);
  const double share = std::max(empty, 0.5) / periods;
  return periods * std::pow(share, static_cast<double>(length));
}

}  // namespace

std::vector<Finding> trend_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < analysis.series.size(); ++i) {
    const TimeSeries& series = analysis.series[i];
    if (!is_told(analysis, series) || !series.trend || series.trend->p >= p_told_max) continue;
    const Trend& trend = *series.trend;
    if (trend.r_squared < explained_told_min) continue;
    const double size = size_of_change(trend.end - trend.start, (trend.start + trend.end) / 2, range_of(series));
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

std::vector<Finding> season_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < analysis.series.size(); ++i) {
    if (!is_told(analysis, analysis.series[i])) continue;
    for (const Season& season : analysis.series[i].seasons)
      if (season.share >= explained_told_min) findings.push_back(season_finding(analysis, i, season));
  }
  return findings;
}

std::vector<Finding> gap_findings(const Analysis& analysis) {
  constexpr double expected_max = 0.001;
  std::vector<Finding> findings;
  std::optional<std::size_t> last_date;
  for (std::size_t i = 0; i < analysis.series.size(); ++i) {
    const TimeSeries& series = analysis.series[i];
    if (series.date == last_date || series.steps.empty()) continue;
    last_date = series.date;
    const auto [longest, second] = longest_gaps(series);
    if (longest.length() < 2 || second.length() * 2 > longest.length()) continue;
    if (expected_runs(series, longest.length()) > expected_max) continue;
    const auto periods = static_cast<double>(series.steps.size());
    const double share = static_cast<double>(longest.length()) / (periods + static_cast<double>(longest.length()));
    findings.push_back(
        {.kind = "gap",
         .text = fmt::format("There is a hole in {}: after {} no row follows until {} ({} {}s without any).",
                             in_quotes(analysis.columns[series.date].name),
                             period_text(period_start_us(longest.from, series.period), series.period),
                             period_text(period_start_us(longest.to, series.period), series.period),
                             readable_text(static_cast<std::size_t>(longest.length())), period_name(series.period)),
         .score = score(std::max(0.3, std::sqrt(share)), certainty_of_count(series.steps.size()), interest::gap),
         .columns = {series.date},
         .evidence = Evidence::series,
         .evidence_index = i});
  }
  return findings;
}

}  // namespace circuit::analysis
