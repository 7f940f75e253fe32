// Sums and numbers of rows by period, and what can be observed from them: one value a period.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "workers/fulfillment/analysis/statistics/compensated.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// Bucket i is the period `first + i`. There is no gap: a period without rows has a bucket with 0 rows.
struct Buckets {
  Period period = Period::day;
  std::int64_t first = 0;
  std::vector<std::size_t> rows;
  std::vector<Compensated<double>> sums;  // of the rows' values; empty if only rows are counted

  [[nodiscard]] std::size_t size() const { return rows.size(); }
  [[nodiscard]] double mean(std::size_t bucket) const {
    return sums[bucket].total() / static_cast<double>(rows[bucket]);
  }
};

// The same rows in longer periods. Hours and days roll up to all longer ones, weeks to none, months to quarters and
// years, and quarters to years.
[[nodiscard]] Buckets rolled_up(const Buckets& buckets, Period period);

[[nodiscard]] std::size_t count_occupied(const Buckets& buckets);

// One value for each of some periods, ascending: what trends and seasons are looked for in.
struct Observations {
  Period period = Period::day;
  bool is_count = false;  // longer periods have larger values
  std::vector<std::int64_t> numbers;
  std::vector<double> values;

  [[nodiscard]] std::size_t size() const { return values.size(); }
};

// The means of the periods that have rows.
[[nodiscard]] Observations observed_means(const Buckets& buckets);

// The span of time that the data cover: [from_us, to_us).
struct Cover {
  std::int64_t from_us = 0;
  std::int64_t to_us = 0;

  // All of the period but a twentieth.
  [[nodiscard]] bool holds(std::int64_t number, Period period) const;
};

// Rows per period, for the periods that are covered; empty ones count 0. Where the calendar makes periods unequally
// long, counts are as for one of average length, or each February would be a slump. `weight` is how many rows a counted
// one stands for.
[[nodiscard]] Observations observed_counts(const Buckets& buckets, const Cover& cover, double weight);

}  // namespace circuit::analysis
