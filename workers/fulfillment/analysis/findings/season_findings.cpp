#include <fmt/format.h>

#include <cmath>

#include "workers/fulfillment/analysis/findings/score.hpp"
#include "workers/fulfillment/analysis/findings/series_facts.hpp"
#include "workers/fulfillment/analysis/findings/series_findings.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/series/calendar.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr double explained_told_min = 0.1;

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
  const std::string share = fmt::format("The {} explains {} of the variation from {} to {}.", cycle_name(season.cycle),
                                        share_text(season.share), step, step);
  if (series.value)
    return fmt::format("{} is highest {} ({} on average) and lowest {} ({}). {}",
                       in_quotes(analysis.columns[*series.value].name), high_when, high, low_when, low, share);
  return fmt::format("By {}, rows are most frequent {} (about {} per {}) and rarest {} ({}). {}",
                     in_quotes(analysis.columns[series.date].name), high_when, high, step, low_when, low, share);
}

Finding season_finding(const Analysis& analysis, std::size_t index, const Season& season) {
  const TimeSeries& series = analysis.series[index];
  const double high = *season.means[season.high];
  const double low = *season.means[season.low];
  const double size = size_of_change(high - low, (high + low) / 2, series);
  return {.kind = series.value ? "season" : "count_season",
          .text = season_text(series, season, analysis),
          .score = score(std::sqrt(season.share) * size, certainty_of_p(season.p),
                         series.value ? interest::season : interest::count_season),
          .columns = columns_of(series),
          .evidence = Evidence::series,
          .evidence_index = index};
}

}  // namespace

std::vector<Finding> season_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < analysis.series.size(); ++i) {
    if (!is_told(analysis, analysis.series[i])) continue;
    for (const Season& season : analysis.series[i].seasons)
      if (season.share >= explained_told_min) findings.push_back(season_finding(analysis, i, season));
  }
  return findings;
}

}  // namespace circuit::analysis
