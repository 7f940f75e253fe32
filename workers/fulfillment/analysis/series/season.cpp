#include "workers/fulfillment/analysis/series/season.hpp"

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/series/calendar.hpp"
#include "workers/fulfillment/analysis/series/cycle_layout.hpp"
#include "workers/fulfillment/analysis/series/season_p.hpp"

namespace circuit::analysis {
namespace {

// Enough turns of the cycle, and most of the positions that occur at all are there each time.
bool is_enough(const Observations& observed, const CycleLayout& layout, Cycle cycle) {
  constexpr std::size_t turns_min[] = {7, 8, 2};
  const std::size_t length = cycle_length(cycle);
  const auto span = static_cast<std::size_t>(observed.numbers.back() - observed.numbers.front() + 1);
  if (span < turns_min[static_cast<std::size_t>(cycle)] * length) return false;
  const std::size_t positions = layout.positions_used();
  const std::size_t expected = span * positions / length;
  return positions > 1 && observed.size() * 2 >= expected && observed.size() >= 2 * positions;
}

double take_out_mean(std::vector<double>& values) {
  Compensated<double> sum;
  for (const double value : values) sum.add(value);
  const double mean = sum.total() / static_cast<double>(values.size());
  for (double& value : values) value -= mean;
  return mean;
}

// Takes the line out of the values that is their trend if the positions in the cycle have effects of their own: its
// slope is that of the deviations from the positions' means (Frisch and Waugh 1933).
void take_out_line(std::vector<double>& values, const Observations& observed, const CycleLayout& layout) {
  std::vector<double> x;
  x.reserve(values.size());
  for (const std::int64_t number : observed.numbers)
    x.push_back(static_cast<double>(number - observed.numbers.front()));
  take_out_mean(x);
  std::vector<double> x_within = x;
  take_out(x_within, layout.position, layout.counts.size());
  // Only one of the two factors has to be centred within the positions.
  Compensated<double> products;
  for (std::size_t i = 0; i < values.size(); ++i) products.add(x_within[i] * values[i]);
  const double x_squares = sum_of_products(x_within, x_within);
  if (!(x_squares > 0)) return;
  const double slope = products.total() / x_squares;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] -= slope * x[i];
}

// The effects of the positions beside those of the cycles, by least squares: both are taken out in turn until nothing
// more comes out, which for complete cycles is at once. Leaves the rest in `values`.
std::vector<double> take_out_positions(std::vector<double>& values, const CycleLayout& layout) {
  constexpr int rounds_max = 20;
  std::vector<double> effects(layout.counts.size(), 0);
  for (int round = 0; round < rounds_max; ++round) {
    const std::vector<double> found = take_out(values, layout.position, effects.size());
    take_out(values, layout.turn, layout.turns);
    double largest_change = 0;
    double largest_effect = 0;
    for (std::size_t i = 0; i < effects.size(); ++i) {
      effects[i] += found[i];
      largest_change = std::max(largest_change, std::fabs(found[i]));
      largest_effect = std::max(largest_effect, std::fabs(effects[i]));
    }
    if (largest_change <= 1e-11 * largest_effect) break;
  }
  return effects;
}

// The means by position: of the whole, plus the effects, which on average over the values are nothing.
void set_means(Season& season, double mean, std::span<const double> effects, std::span<const std::size_t> counts) {
  Compensated<double> sum;
  double n = 0;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    sum.add(effects[i] * static_cast<double>(counts[i]));
    n += static_cast<double>(counts[i]);
  }
  season.means.resize(effects.size());
  bool is_first = true;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    if (counts[i] == 0) continue;
    season.means[i] = mean + (effects[i] - sum.total() / n);
    if (is_first || *season.means[i] > *season.means[season.high]) season.high = i;
    if (is_first || *season.means[i] < *season.means[season.low]) season.low = i;
    is_first = false;
  }
}

// Of those that occur.
double mean_of_positions(const Season& season, std::size_t first, std::size_t count) {
  double sum = 0;
  double n = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    if (!season.means[i]) continue;
    sum += *season.means[i];
    ++n;
  }
  return n > 0 ? sum / n : 0;
}

}  // namespace

std::optional<Season> find_season(const Observations& observed, Cycle cycle) {
  if (observed.size() == 0) return std::nullopt;
  const CycleLayout layout = layout_of(observed, cycle);
  if (!is_enough(observed, layout, cycle)) return std::nullopt;
  std::vector<double> values = observed.values;
  const double mean = take_out_mean(values);
  take_out_line(values, observed, layout);
  const double total = sum_of_products(values, values);
  const double rounding = 1e-14 * std::fabs(mean);
  if (!(total > rounding * rounding * static_cast<double>(values.size()))) return std::nullopt;
  take_out(values, layout.turn, layout.turns);
  std::vector<double> rest = values;
  const std::vector<double> effects = take_out_positions(rest, layout);
  const double explained = std::max(0.0, sum_of_products(values, values) - sum_of_products(rest, rest));
  Season season{.cycle = cycle, .share = std::min(1.0, explained / total), .p = season_p(values, rest, layout, cycle)};
  if (season.p >= season_p_max || season.share < season_share_min) return std::nullopt;
  set_means(season, mean, effects, layout.counts);
  return season;
}

double season_effect(const Season& season, std::int64_t number, Period period) {
  const Period step = cycle_step(season.cycle);
  // A month-of-year season also shows in weeks, which belong to the month of their Thursday, and in quarters.
  const bool is_month = season.cycle == Cycle::month_of_year;
  if (period > step && !(is_month && period == Period::quarter)) return 0;
  constexpr std::int64_t to_thursday_us = 3 * std::int64_t{86'400'000'000};
  const std::int64_t moment_us = period_start_us(number, period) + (period == Period::week ? to_thursday_us : 0);
  const std::size_t first = cycle_position(period_number(moment_us, step), season.cycle);
  return mean_of_positions(season, first, period == Period::quarter ? 3 : 1) -
         mean_of_positions(season, 0, season.means.size());
}

}  // namespace circuit::analysis
