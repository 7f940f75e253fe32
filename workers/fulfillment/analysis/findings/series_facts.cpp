#include "workers/fulfillment/analysis/findings/series_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/findings/names.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/series/autocorrelation.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

double lowest(const TimeSeries& series) { return std::ranges::min(series.steps, {}, &TimeSeries::Step::value).value; }
double highest(const TimeSeries& series) { return std::ranges::max(series.steps, {}, &TimeSeries::Step::value).value; }

}  // namespace

bool is_told(const Analysis& analysis, const TimeSeries& series) {
  return !series.steps.empty() && !(series.value && is_identifier_name(analysis.columns[*series.value].name));
}

std::span<const TimeSeries::Step> whole_steps(const TimeSeries& series) {
  std::span<const TimeSeries::Step> steps(series.steps);
  if (series.value) return steps;
  if (series.is_first_partial && steps.size() > 1) steps = steps.subspan(1);
  if (series.is_last_partial && steps.size() > 1) steps = steps.first(steps.size() - 1);
  return steps;
}

double size_of_change(double change, double level, const TimeSeries& series) {
  constexpr double full_change = 0.2;
  const double low = lowest(series);
  const double unit = low >= 0 ? std::fabs(level) : highest(series) - low;
  return unit > 0 ? std::min(1.0, std::fabs(change) / unit / full_change) : 0;
}

bool moves_slowly(const TimeSeries& series) {
  constexpr std::size_t steps_min = 24;
  constexpr double alike = 0.8;
  if (series.steps.size() < steps_min) return false;
  // In units of the range, so that no square is beyond a double.
  const double low = lowest(series);
  const double range = highest(series) - low;
  if (!(range > 0) || !std::isfinite(range)) return false;
  std::vector<double> values;
  double sum = 0;
  for (const auto& step : series.steps) sum += values.emplace_back((step.value - low) / range);
  for (double& value : values) value -= sum / static_cast<double>(values.size());
  return first_autocorrelation(values) >= alike;
}

std::string value_text(double value, const TimeSeries& series, const Analysis& analysis) {
  return series.value ? amount(value, analysis.columns[*series.value]) : about(value);
}

std::string ratio_text(double from, double to, const TimeSeries& series) {
  constexpr double told_max = 20;
  if (lowest(series) < 0 || !(from > 0) || !(to > 0) || to > told_max * from) return "";
  const double ratio = to / from;
  if (ratio >= 2) return fmt::format(" ({:.1f} times as much)", ratio);
  return fmt::format(" ({}{})", ratio < 1 ? "-" : "+", share_text(std::fabs(ratio - 1)));
}

std::vector<std::size_t> columns_of(const TimeSeries& series) {
  return series.value ? std::vector{series.date, *series.value} : std::vector{series.date};
}

}  // namespace circuit::analysis
