#include "workers/fulfillment/analysis/series/season.hpp"

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/series/autocorrelation.hpp"
#include "workers/fulfillment/analysis/series/calendar.hpp"
#include "workers/fulfillment/analysis/statistics/distributions.hpp"

namespace circuit::analysis {
namespace {

// Where each value stands in its cycle, and in which of the cycles that occur.
struct Layout {
  std::vector<std::uint8_t> position;
  std::vector<std::uint32_t> cycle;
  std::size_t cycles = 0;
  std::vector<std::size_t> counts;  // values by position

  [[nodiscard]] std::size_t positions_used() const {
    return counts.size() - static_cast<std::size_t>(std::ranges::count(counts, std::size_t{0}));
  }
};

Layout layout_of(const Observations& observed, Cycle cycle) {
  Layout layout;
  layout.position.reserve(observed.size());
  layout.cycle.reserve(observed.size());
  layout.counts.resize(cycle_length(cycle));
  std::int64_t last = 0;
  for (const std::int64_t number : observed.numbers) {
    const std::int64_t turn = cycle_number(number, cycle);
    if (layout.cycles == 0 || turn != last) ++layout.cycles;
    last = turn;
    layout.position.push_back(static_cast<std::uint8_t>(cycle_position(number, cycle)));
    layout.cycle.push_back(static_cast<std::uint32_t>(layout.cycles - 1));
    ++layout.counts[layout.position.back()];
  }
  return layout;
}

// Enough turns of the cycle, and most of the positions that occur at all are there each time.
bool is_enough(const Observations& observed, const Layout& layout, Cycle cycle) {
  constexpr std::size_t turns_min[] = {7, 8, 2};
  const std::size_t length = cycle_length(cycle);
  const auto span = static_cast<std::size_t>(observed.numbers.back() - observed.numbers.front() + 1);
  if (span < turns_min[static_cast<std::size_t>(cycle)] * length) return false;
  const std::size_t positions = layout.positions_used();
  const std::size_t expected = span * positions / length;
  return positions > 1 && observed.size() * 2 >= expected && observed.size() >= 2 * positions;
}

// Takes the mean out of each group and returns what was taken out. The values are deviations from a common mean, so
// that plain sums of them lose nothing that matters.
template <typename Group>
std::vector<double> take_out(std::vector<double>& values, const std::vector<Group>& group_of, std::size_t groups) {
  std::vector<double> means(groups, 0);
  std::vector<double> counts(groups, 0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    means[group_of[i]] += values[i];
    ++counts[group_of[i]];
  }
  for (std::size_t g = 0; g < groups; ++g)
    if (counts[g] > 0) means[g] /= counts[g];
  for (std::size_t i = 0; i < values.size(); ++i) values[i] -= means[group_of[i]];
  return means;
}

double sum_of_squares(std::span<const double> values) {
  Compensated<double> sum;
  for (const double value : values) sum.add(value * value);
  return sum.total();
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
void take_out_line(std::vector<double>& values, const Observations& observed, const Layout& layout) {
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
  const double x_squares = sum_of_squares(x_within);
  if (!(x_squares > 0)) return;
  const double slope = products.total() / x_squares;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] -= slope * x[i];
}

// The effects of the positions beside those of the cycles, by least squares: both are taken out in turn until nothing
// more comes out, which for complete cycles is at once. Leaves the rest in `values`.
std::vector<double> take_out_positions(std::vector<double>& values, const Layout& layout) {
  constexpr int rounds_max = 20;
  std::vector<double> effects(layout.counts.size(), 0);
  for (int round = 0; round < rounds_max; ++round) {
    const std::vector<double> found = take_out(values, layout.position, effects.size());
    take_out(values, layout.cycle, layout.cycles);
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

double season_p(double explained, std::span<const double> rest, std::size_t positions, std::size_t cycles) {
  const double full = static_cast<double>(rest.size()) - static_cast<double>(positions + cycles) + 1;
  const double freedom = full * effective_share(rest);
  const double left = sum_of_squares(rest);
  if (!(freedom >= 1)) return 1;
  if (!(left > 0)) return 0;
  const auto between = static_cast<double>(positions - 1);
  return upper_tail_of_f(explained / between / (left / freedom), between, freedom);
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
  const Layout layout = layout_of(observed, cycle);
  if (!is_enough(observed, layout, cycle)) return std::nullopt;
  std::vector<double> values = observed.values;
  const double mean = take_out_mean(values);
  take_out_line(values, observed, layout);
  const double total = sum_of_squares(values);
  const double rounding = 1e-14 * std::fabs(mean);
  if (!(total > rounding * rounding * static_cast<double>(values.size()))) return std::nullopt;
  take_out(values, layout.cycle, layout.cycles);
  const double without_cycles = sum_of_squares(values);
  const std::vector<double> effects = take_out_positions(values, layout);
  const double explained = std::max(0.0, without_cycles - sum_of_squares(values));
  Season season{.cycle = cycle,
                .share = std::min(1.0, explained / total),
                .p = season_p(explained, values, layout.positions_used(), layout.cycles)};
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
