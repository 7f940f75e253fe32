#include "workers/fulfillment/analysis/series/trend.hpp"

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/series/autocorrelation.hpp"
#include "workers/fulfillment/analysis/series/calendar.hpp"
#include "workers/fulfillment/analysis/series/linear_fit.hpp"
#include "workers/fulfillment/analysis/series/season.hpp"
#include "workers/fulfillment/analysis/statistics/distributions.hpp"

namespace circuit::analysis {
namespace {

// How many free numbers the seasons took from the values of such periods.
double season_parameters(std::span<const Season> seasons, Period period) {
  std::ptrdiff_t parameters = 0;
  for (const Season& season : seasons)
    if (period <= cycle_step(season.cycle))
      parameters += std::ranges::count_if(season.means, [](const auto& mean) { return mean.has_value(); }) - 1;
  return static_cast<double>(parameters);
}

// A count of a week has a quarter of what the season adds to one of a month.
double effect_on(const Observations& observed, std::size_t i, const Season& season) {
  const double effect = season_effect(season, observed.numbers[i], observed.period);
  if (!observed.is_count) return effect;
  return effect * periods_per_year(cycle_step(season.cycle)) / periods_per_year(observed.period);
}

// Of the line, as if as many values were independent as there are effective ones.
double line_p(const LinearFit& fit, double parameters) {
  const double n = static_cast<double>(fit.n) * effective_share(fit.residuals);
  const double freedom = n - 2 - parameters;
  if (!(freedom >= 1)) return 1;
  if (fit.residual_squares == 0) return 0;
  const double deviation = std::sqrt(fit.residual_squares / freedom / fit.x_squares);
  return two_sided_p_of_t(fit.slope / deviation, freedom);
}

// Of the mean step from one value to the next, as if the values were a random walk: over a gap of g periods the step
// has g times the mean and the variance. The steps, too, may follow their neighbours.
double drift_p(const Observations& observed, std::span<const double> values, double slope, double parameters) {
  const std::size_t steps = values.size() - 1;
  const auto periods = static_cast<double>(observed.numbers.back() - observed.numbers.front());
  const double mean = (values.back() - values.front()) / periods;
  if (mean * slope <= 0) return 1;
  std::vector<double> residuals(steps);
  Compensated<double> squares;
  for (std::size_t i = 0; i < steps; ++i) {
    const auto gap = static_cast<double>(observed.numbers[i + 1] - observed.numbers[i]);
    residuals[i] = (values[i + 1] - values[i] - mean * gap) / std::sqrt(gap);
    squares.add(residuals[i] * residuals[i]);
  }
  const double share = effective_share(residuals);
  const double freedom = static_cast<double>(steps) * share - 1 - parameters;
  if (!(freedom >= 1)) return 1;
  if (!(squares.total() > 0)) return 0;
  const double deviation = std::sqrt(squares.total() / freedom / periods);
  return two_sided_p_of_t(mean / deviation, freedom);
}

}  // namespace

std::optional<Trend> find_trend(const Observations& observed, std::span<const Season> seasons) {
  if (observed.size() < trend_values_min) return std::nullopt;
  std::vector<double> years;
  std::vector<double> values;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    const std::int64_t start_us = period_start_us(observed.numbers[i], observed.period);
    years.push_back(static_cast<double>(start_us) / year_us);
    values.push_back(observed.values[i]);
    for (const Season& season : seasons) values.back() -= effect_on(observed, i, season);
  }
  const auto [least, largest] = std::ranges::minmax(values);
  const auto fit = fit_line(years, values);
  // What is left of a constant after seasons and divisions is rounding.
  if (!fit || largest - least <= 1e-13 * std::max(std::fabs(least), std::fabs(largest))) return std::nullopt;
  const double parameters = season_parameters(seasons, observed.period);
  // Each test is sound where the other is blunt, so the better one of the two counts, and is charged for the choice.
  const double best = std::min(line_p(*fit, parameters), drift_p(observed, values, fit->slope, parameters));
  return Trend{.per_year = fit->slope,
               .start = fit->at(years.front()),
               .end = fit->at(years.back()),
               .r_squared = fit->r_squared,
               .p = std::min(1.0, 2 * best)};
}

}  // namespace circuit::analysis
