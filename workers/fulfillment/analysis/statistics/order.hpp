// What follows from the order of numbers: quantiles, outliers, shares, ranks.
//
// `sorted` is ascending, finite and not empty everywhere. A figure beyond the largest double is that double.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "workers/fulfillment/analysis/statistics/moments.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// Definition 7 of Hyndman and Fan (1996), R's default: linear interpolation at position (n - 1) p, counted from 0.
// 0 <= p <= 1.
[[nodiscard]] double quantile(std::span<const double> sorted, double p);

// The median of |x - median|, without a factor. Needs no second sort: the k values nearest to the median are
// neighbours, so each order statistic of the deviations takes a binary search.
[[nodiscard]] double median_absolute_deviation(std::span<const double> sorted, double median);

// Outside of the quartiles by more than 1.5 times their distance (Tukey 1977).
[[nodiscard]] Outliers tukey_outliers(std::span<const double> sorted, double first_quartile, double third_quartile);

// |0.6745 (x - median) / MAD| > 3.5 (Iglewicz and Hoaglin 1993). Nothing if the MAD is 0.
[[nodiscard]] std::optional<Outliers> robust_outliers(std::span<const double> sorted, double median, double mad);

// The share of the sum that the largest tenth of the values holds; where a tenth is no whole number of values, that
// part of the next one is counted, as on a Lorenz curve. `moments` are those of `sorted`. 0 where a value is negative
// or all are 0.
[[nodiscard]] double top_tenth_share(std::span<const double> sorted, const Moments& moments);

[[nodiscard]] std::size_t count_distinct(std::span<const double> sorted);

}  // namespace circuit::analysis
