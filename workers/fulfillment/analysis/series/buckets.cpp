#include "workers/fulfillment/analysis/series/buckets.hpp"

#include <algorithm>

#include "workers/fulfillment/analysis/series/calendar.hpp"

namespace circuit::analysis {

Buckets rolled_up(const Buckets& buckets, Period period) {
  if (period == buckets.period || buckets.size() == 0) return buckets;
  // Days make far fewer steps through the calendar.
  if (buckets.period == Period::hour && period > Period::day) return rolled_up(rolled_up(buckets, Period::day), period);
  const auto longer = [&](std::size_t bucket) {
    const std::int64_t number = buckets.first + static_cast<std::int64_t>(bucket);
    return period_number(period_start_us(number, buckets.period), period);
  };
  Buckets result{.period = period, .first = longer(0), .rows = {}, .sums = {}};
  const auto size = static_cast<std::size_t>(longer(buckets.size() - 1) - result.first + 1);
  result.rows.resize(size);
  if (!buckets.sums.empty()) result.sums.resize(size);
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (buckets.rows[i] == 0) continue;
    const auto to = static_cast<std::size_t>(longer(i) - result.first);
    result.rows[to] += buckets.rows[i];
    if (!buckets.sums.empty()) result.sums[to].add(buckets.sums[i]);
  }
  return result;
}

std::size_t count_occupied(const Buckets& buckets) {
  return buckets.size() - static_cast<std::size_t>(std::ranges::count(buckets.rows, std::size_t{0}));
}

Observations observed_means(const Buckets& buckets) {
  Observations result{.period = buckets.period, .numbers = {}, .values = {}};
  result.numbers.reserve(buckets.size());
  result.values.reserve(buckets.size());
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (buckets.rows[i] == 0) continue;
    result.numbers.push_back(buckets.first + static_cast<std::int64_t>(i));
    result.values.push_back(buckets.mean(i));
  }
  return result;
}

bool Cover::holds(std::int64_t number, Period period) const {
  const std::int64_t start_us = period_start_us(number, period);
  const std::int64_t end_us = period_start_us(number + 1, period);
  const std::int64_t tolerance_us = (end_us - start_us) / 20;
  return start_us >= from_us - tolerance_us && end_us <= to_us + tolerance_us;
}

Observations observed_counts(const Buckets& buckets, const Cover& cover, double weight) {
  Observations result{.period = buckets.period, .is_count = true, .numbers = {}, .values = {}};
  result.numbers.reserve(buckets.size());
  result.values.reserve(buckets.size());
  const double average_us = year_us / periods_per_year(buckets.period);
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const std::int64_t number = buckets.first + static_cast<std::int64_t>(i);
    if (!cover.holds(number, buckets.period)) continue;
    const std::int64_t length_us =
        period_start_us(number + 1, buckets.period) - period_start_us(number, buckets.period);
    result.numbers.push_back(number);
    result.values.push_back(static_cast<double>(buckets.rows[i]) * weight * average_us /
                            static_cast<double>(length_us));
  }
  return result;
}

}  // namespace circuit::analysis
