// Columns made up for tests of time series: dates, numbers, and a generator that is the same everywhere.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "workers/fulfillment/analysis/columns/values.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

inline constexpr std::int64_t second_us = 1'000'000;
inline constexpr std::int64_t hour_us = 3600 * second_us;
inline constexpr std::int64_t day_us = 24 * hour_us;

inline std::int64_t day(int year, unsigned month, unsigned day_of_month) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day_of_month)};
  return std::chrono::sys_days(date).time_since_epoch().count() * day_us;
}

class Noise {
 public:
  explicit Noise(std::uint64_t seed) : random_(seed) {}
  // [0, 1).
  double uniform() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  // Nearly normal: mean 0, variance 1.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }

 private:
  std::mt19937_64 random_;
};

struct Columns {
  std::vector<ColumnSummary> columns;
  std::vector<ColumnValues> values;

  void add_dates(std::vector<std::int64_t> moments_us) {
    ColumnSummary column;
    column.name = "when";
    column.type = ColumnType::date;
    DateSummary dates{.min_us = std::numeric_limits<std::int64_t>::max(), .max_us = missing_moment};
    std::set<std::int64_t> distinct;
    for (const std::int64_t moment : moments_us) {
      ++(moment == missing_moment ? column.missing : column.count);
      if (moment == missing_moment) continue;
      distinct.insert(moment);
      dates.is_days = dates.is_days && moment % day_us == 0;
      dates.min_us = std::min(dates.min_us, moment);
      dates.max_us = std::max(dates.max_us, moment);
    }
    column.distinct = distinct.size();
    column.dates = dates;
    columns.push_back(std::move(column));
    values.emplace_back();
    values.back().moments_us = std::move(moments_us);
  }

  void add_numbers(std::vector<double> numbers, std::string name = "number") {
    ColumnSummary column;
    column.name = std::move(name);
    column.type = ColumnType::real;
    NumberSummary summary{.min = std::numeric_limits<double>::max(), .max = std::numeric_limits<double>::lowest()};
    for (const double number : numbers) {
      ++(std::isnan(number) ? column.missing : column.count);
      if (std::isnan(number)) continue;
      summary.min = std::min(summary.min, number);
      summary.max = std::max(summary.max, number);
    }
    column.numbers = summary;
    columns.push_back(std::move(column));
    values.emplace_back();
    values.back().numbers = std::move(numbers);
  }
};

}  // namespace circuit::analysis
