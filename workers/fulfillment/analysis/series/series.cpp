#include "workers/fulfillment/analysis/series/series.hpp"

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/series/calendar.hpp"
#include "workers/fulfillment/analysis/series/date_index.hpp"
#include "workers/fulfillment/analysis/series/season.hpp"
#include "workers/fulfillment/analysis/series/trend.hpp"

namespace circuit::analysis {
namespace {

// Two periods make no line.
constexpr std::size_t steps_min = 3;
// Beyond the first ones, further numbers are looked at only as long as that takes about a hundredth of a second.
constexpr std::size_t cells_looked_at_max = 4'000'000;

constexpr Cycle all_cycles[] = {Cycle::hour_of_day, Cycle::day_of_week, Cycle::month_of_year};

std::size_t rows_of(const ColumnSummary& column) { return column.count + column.missing + column.invalid; }

std::vector<std::size_t> useful_dates(std::span<const ColumnSummary> columns) {
  std::vector<std::size_t> dates;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].is_date() && columns[i].dates && columns[i].distinct > 1 &&
        columns[i].count * 2 >= rows_of(columns[i]))
      dates.push_back(i);
  std::ranges::stable_sort(dates,
                           [&](std::size_t a, std::size_t b) { return columns[a].distinct > columns[b].distinct; });
  if (dates.size() > series_dates_max) dates.resize(series_dates_max);
  std::ranges::sort(dates);
  return dates;
}

bool reaches(Period fine, Cycle cycle) { return fine <= cycle_step(cycle); }

// `observed_by(period)` says what is observed in such periods.
template <typename ObservedBy>
void find_patterns(TimeSeries& series, Period fine, ObservedBy observed_by) {
  for (const Cycle cycle : all_cycles)
    if (reaches(fine, cycle))
      if (auto season = find_season(observed_by(cycle_step(cycle)), cycle))
        series.seasons.push_back(std::move(*season));
  series.trend = find_trend(observed_by(series.period), series.seasons);
  std::ranges::stable_sort(series.seasons, [](const Season& a, const Season& b) { return a.share > b.share; });
}

TimeSeries empty_series(std::size_t date, const DateIndex& index, const Buckets& shown) {
  const auto last = shown.first + static_cast<std::int64_t>(shown.size()) - 1;
  TimeSeries series{.date = date, .period = index.display};
  series.empty_periods = shown.size() - count_occupied(shown);
  series.is_first_partial = !index.cover.holds(shown.first, shown.period);
  series.is_last_partial = !index.cover.holds(last, shown.period);
  series.rows_left_out = index.rows_left_out;
  series.pause = index.pause;
  return series;
}

void add_steps(TimeSeries& series, const Buckets& shown, double scale, double weight) {
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (series.value && shown.rows[i] == 0) continue;
    const std::int64_t start_us = period_start_us(shown.first + static_cast<std::int64_t>(i), shown.period);
    const double value = series.value ? shown.mean(i) * scale : std::round(static_cast<double>(shown.rows[i]) * weight);
    series.steps.push_back({.start_us = start_us, .value = value, .rows = shown.rows[i]});
  }
}

// `weight`: how many rows of the file each kept row stands for.
std::optional<TimeSeries> count_series(std::size_t date, const DateIndex& index, double weight) {
  const Buckets shown = rolled_up(index.fine, index.display);
  if (index.is_schedule || shown.size() < steps_min) return std::nullopt;
  TimeSeries series = empty_series(date, index, shown);
  add_steps(series, shown, 1, weight);
  find_patterns(series, index.fine.period,
                [&](Period period) { return observed_counts(rolled_up(index.fine, period), index.cover, weight); });
  return series;
}

// A power of two that brings the values below 2, so that sums and squares stay within a double's range.
double scale_of(const NumberSummary& numbers) {
  const double largest = std::max(std::fabs(numbers.min), std::fabs(numbers.max));
  constexpr int exponent_min = -1022;  // below, the reciprocal is beyond the range
  return largest > 0 ? std::ldexp(1.0, std::max(std::ilogb(largest), exponent_min)) : 1;
}

Buckets fill_buckets(const DateIndex& index, std::span<const double> numbers, double scale) {
  Buckets buckets = index.fine;
  std::ranges::fill(buckets.rows, std::size_t{0});
  buckets.sums.resize(buckets.size());
  // Neighbours are mostly of one period: their sum waits in a register.
  std::uint32_t current = no_bucket;
  Compensated<double> sum;
  std::size_t rows = 0;
  const auto put = [&] {
    if (current == no_bucket) return;
    buckets.sums[current].add(sum);
    buckets.rows[current] += rows;
  };
  const double factor = 1 / scale;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (index.bucket[i] != current) {
      put();
      current = index.bucket[i];
      sum = {};
      rows = 0;
    }
    if (std::isnan(numbers[i])) continue;
    sum.add(numbers[i] * factor);
    ++rows;
  }
  put();
  return buckets;
}

void multiply(TimeSeries& series, double scale) {
  if (series.trend)
    for (double* figure : {&series.trend->per_year, &series.trend->start, &series.trend->end}) *figure *= scale;
  for (Season& season : series.seasons)
    for (auto& mean : season.means)
      if (mean) *mean *= scale;
}

bool is_finite(const TimeSeries& series) {
  const Trend trend = series.trend.value_or(Trend{});
  return std::isfinite(trend.per_year) && std::isfinite(trend.start) && std::isfinite(trend.end);
}

std::optional<TimeSeries> value_series(std::size_t date, std::size_t value, const DateIndex& index,
                                       const NumberSummary& summary, std::span<const double> numbers) {
  const double scale = scale_of(summary);
  const Buckets fine = fill_buckets(index, numbers, scale);
  const Buckets shown = rolled_up(fine, index.display);
  if (count_occupied(shown) < steps_min) return std::nullopt;
  TimeSeries series = empty_series(date, index, shown);
  series.value = value;
  add_steps(series, shown, scale, 1);
  find_patterns(series, fine.period, [&](Period period) { return observed_means(rolled_up(fine, period)); });
  multiply(series, scale);
  if (!is_finite(series)) series.trend.reset();
  return series;
}

// 0 to 1: how much the value depends on time.
double dependence(const TimeSeries& series) {
  const double by_trend = series.trend && series.trend->p < season_p_max ? series.trend->r_squared : 0;
  return std::max(by_trend, series.seasons.empty() ? 0 : series.seasons.front().share);
}

void keep_most_dependent(std::vector<TimeSeries>& series) {
  std::size_t longest = 1;
  for (const TimeSeries& one : series) longest = std::max(longest, one.steps.size());
  const std::size_t kept_max = std::clamp(steps_of_numbers_max / longest, series_numbers_max, series_short_max);
  if (series.size() <= kept_max) return;
  std::ranges::stable_sort(series, [](const auto& a, const auto& b) { return dependence(a) > dependence(b); });
  series.resize(kept_max);
  std::ranges::sort(series, {}, &TimeSeries::value);
}

}  // namespace

std::vector<TimeSeries> find_series(std::span<const ColumnSummary> columns, std::span<const ColumnValues> values) {
  std::vector<TimeSeries> all;
  for (const std::size_t date : useful_dates(columns)) {
    const std::size_t rows = values[date].moments_us.size();
    const auto index = index_dates(values[date].moments_us, columns[date].dates->is_days);
    if (!index) continue;
    const double weight = static_cast<double>(rows_of(columns[date])) / static_cast<double>(rows);
    if (auto series = count_series(date, *index, weight)) all.push_back(std::move(*series));
    const std::size_t numbers_max = std::max(series_numbers_max, cells_looked_at_max / (rows + index->fine.size()));
    std::vector<TimeSeries> found;
    std::size_t looked_at = 0;
    for (std::size_t i = 0; i < columns.size() && looked_at < numbers_max; ++i) {
      if (!columns[i].is_numeric() || !columns[i].numbers || values[i].numbers.size() != rows) continue;
      ++looked_at;
      if (auto series = value_series(date, i, *index, *columns[i].numbers, values[i].numbers))
        found.push_back(std::move(*series));
    }
    keep_most_dependent(found);
    std::ranges::move(found, std::back_inserter(all));
  }
  return all;
}

}  // namespace circuit::analysis
