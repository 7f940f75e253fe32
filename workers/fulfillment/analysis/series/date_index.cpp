#include "workers/fulfillment/analysis/series/date_index.hpp"

#include <algorithm>
#include <array>

#include "workers/fulfillment/analysis/series/calendar.hpp"
#include "workers/fulfillment/analysis/series/pause.hpp"

namespace circuit::analysis {
namespace {

constexpr std::array all_periods{Period::hour, Period::day, Period::week, Period::month, Period::quarter, Period::year};

struct Range {
  std::int64_t from = 0;
  std::int64_t to = 0;  // inclusive
};

// An even sample of at most ten thousand moments, sorted.
std::vector<std::int64_t> sorted_sample(std::span<const std::int64_t> moments_us) {
  constexpr std::size_t sample_max = 10'000;
  const std::size_t stride = moments_us.size() / sample_max + 1;
  std::vector<std::int64_t> sample;
  for (std::size_t i = 0; i < moments_us.size(); i += stride)
    if (moments_us[i] != missing_moment) sample.push_back(moments_us[i]);
  std::ranges::sort(sample);
  return sample;
}

// What lies within twice the length of the middle 99% of them. Dates such as 1900-01-01 or 0202-05-01 would otherwise
// stretch the axis until nothing can be seen.
Range plausible_range(std::span<const std::int64_t> moments_us) {
  constexpr std::size_t judged_min = 20;
  const std::vector<std::int64_t> sample = sorted_sample(moments_us);
  if (sample.size() < judged_min) return {INT64_MIN, INT64_MAX};
  const std::size_t tail = std::max<std::size_t>(1, sample.size() / 200);
  const std::int64_t low = sample[tail];
  const std::int64_t high = sample[sample.size() - 1 - tail];
  return {low - 2 * (high - low), high + 2 * (high - low)};
}

std::size_t periods_in(const Range& range, Period period) {
  return static_cast<std::size_t>(period_number(range.to, period) - period_number(range.from, period) + 1);
}

// With very few rows for many hours there is nothing to be seen by the hour.
Period fine_period(const Range& range, bool is_days, std::size_t rows) {
  const std::size_t periods_max = std::min(fine_periods_max, std::max<std::size_t>(1000, 16 * rows));
  for (const Period period : {Period::hour, Period::day, Period::month})
    if (!(period == Period::hour && is_days) && periods_in(range, period) <= periods_max) return period;
  return Period::year;
}

// Puts the rows into buckets; false if they have no date in the plausible range.
bool fill(DateIndex& index, std::span<const std::int64_t> moments_us, bool is_days) {
  const Range plausible = plausible_range(moments_us);
  const auto is_kept = [&](std::int64_t us) {
    return us != missing_moment && us >= plausible.from && us <= plausible.to;
  };
  Range seen{INT64_MAX, INT64_MIN};
  for (const std::int64_t us : moments_us)
    if (is_kept(us)) seen = {std::min(seen.from, us), std::max(seen.to, us)};
  if (seen.from > seen.to) return false;
  index.fine.period = fine_period(seen, is_days, moments_us.size());
  index.fine.first = period_number(seen.from, index.fine.period);
  index.fine.rows.resize(periods_in(seen, index.fine.period));
  index.bucket.assign(moments_us.size(), no_bucket);
  for (std::size_t i = 0; i < moments_us.size(); ++i) {
    if (is_kept(moments_us[i])) {
      index.bucket[i] = static_cast<std::uint32_t>(period_number(moments_us[i], index.fine.period) - index.fine.first);
      ++index.fine.rows[index.bucket[i]];
    } else if (moments_us[i] != missing_moment) {
      ++index.rows_left_out;
    }
  }
  return true;
}

bool rolls_up(Period from, Period to) { return from <= to && !(from == Period::month && to == Period::week); }

// The longest periods that each hold one fine period at most: months for dates that are the first, or the last, of
// their months. The data cover them whole.
Period resolution(const Buckets& fine) {
  Period result = fine.period;
  for (const Period period : all_periods)
    if (rolls_up(fine.period, period) && count_occupied(rolled_up(fine, period)) == count_occupied(fine))
      result = period;
  return result;
}

void find_cover(DateIndex& index) {
  const Buckets whole = rolled_up(index.fine, resolution(index.fine));
  const auto last = whole.first + static_cast<std::int64_t>(whole.size()) - 1;
  const std::int64_t from_us = period_start_us(whole.first, whole.period);
  const std::int64_t to_us = period_start_us(last + 1, whole.period);
  const auto distances = static_cast<std::int64_t>(count_occupied(whole)) - 1;
  // Where nothing is missing the distance is the period itself, and there is no slack.
  const std::int64_t distance_us =
      (period_start_us(last, whole.period) - from_us) / std::max<std::int64_t>(distances, 1);
  const bool is_gapless = count_occupied(whole) == whole.size();
  const std::int64_t slack_us = is_gapless ? 0 : 2 * distance_us;
  index.cover = {from_us - slack_us, to_us + slack_us};
}

// The shortest periods that are not too many and of which most have a row.
Period display_period(const Buckets& fine) {
  for (const Period period : all_periods) {
    if (!rolls_up(fine.period, period)) continue;
    const Buckets buckets = rolled_up(fine, period);
    if (buckets.size() <= steps_max && count_occupied(buckets) * 2 >= buckets.size()) return period;
  }
  return Period::year;
}

// Counts of independent events vary at least as much as their mean (Poisson); readings, and tables with the same
// members each time, hardly vary. Periods without a row do not count against a schedule: it may pause at weekends.
bool is_schedule(const DateIndex& index) {
  constexpr double dispersion_max = 0.2;
  const Buckets buckets = rolled_up(index.fine, index.display);
  Compensated<double> sum;
  Compensated<double> squares;
  double n = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const bool is_edge = buckets.size() > 4 && (i == 0 || i + 1 == buckets.size());
    if (is_edge || buckets.rows[i] == 0) continue;
    const auto rows = static_cast<double>(buckets.rows[i]);
    sum.add(rows);
    squares.add(rows * rows);
    ++n;
  }
  const double mean = sum.total() / n;
  const double variance = squares.total() / n - mean * mean;
  return n < 2 || variance <= dispersion_max * mean;
}

}  // namespace

std::optional<DateIndex> index_dates(std::span<const std::int64_t> moments_us, bool is_days) {
  DateIndex index;
  if (!fill(index, moments_us, is_days) || index.fine.size() < 2) return std::nullopt;
  find_cover(index);
  index.display = display_period(index.fine);
  index.is_schedule = is_schedule(index);
  index.pause = find_pause(index.fine);
  return index;
}

}  // namespace circuit::analysis
