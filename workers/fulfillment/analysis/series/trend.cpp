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

double slope_p(const LinearFit& fit, double parameters) {
  const double n = static_cast<double>(fit.n) * effective_share(fit.residuals);
  const double freedom = n - 2 - parameters;
  if (!(freedom >= 1)) return 1;
  if (fit.residual_squares == 0) return 0;
  const double deviation = std::sqrt(fit.residual_squares / freedom / fit.x_squares);
  return two_sided_p_of_t(fit.slope / deviation, freedom);
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
    for (const Season& season : seasons) values.back() -= season_effect(season, observed.numbers[i], observed.period);
  }
  const auto [least, largest] = std::ranges::minmax(values);
  const auto fit = fit_line(years, values);
  // What is left of a constant after seasons and divisions is rounding.
  if (!fit || largest - least <= 1e-13 * std::max(std::fabs(least), std::fabs(largest))) return std::nullopt;
  return Trend{.per_year = fit->slope,
               .start = fit->at(years.front()),
               .end = fit->at(years.back()),
               .r_squared = fit->r_squared,
               .p = slope_p(*fit, season_parameters(seasons, observed.period))};
}

}  // namespace circuit::analysis
