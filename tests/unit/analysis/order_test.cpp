#include "workers/fulfillment/analysis/statistics/order.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace circuit::analysis;
using Numbers = std::vector<double>;

namespace {

constexpr double largest = std::numeric_limits<double>::max();

double mad_of(const Numbers& sorted) { return median_absolute_deviation(sorted, quantile(sorted, 0.5)); }

double share_of(const Numbers& sorted) { return top_tenth_share(sorted, moments_of(sorted)); }

}  // namespace

TEST_CASE("quartiles interpolate at (n - 1) p") {
  const Numbers even{1, 2, 3, 4};
  CHECK(quantile(even, 0.25) == 1.75);
  CHECK(quantile(even, 0.5) == 2.5);
  CHECK(quantile(even, 0.75) == 3.25);
  const Numbers eight{2, 4, 4, 4, 5, 5, 7, 9};
  CHECK(quantile(eight, 0.25) == 4);
  CHECK(quantile(eight, 0.5) == 4.5);
  CHECK(quantile(eight, 0.75) == 5.5);
  CHECK(quantile(Numbers{7}, 0.25) == 7);
  CHECK(quantile(even, 0) == 1);
  CHECK(quantile(even, 1) == 4);
  CHECK(quantile(Numbers{-1.7e308, 1.7e308}, 0.5) == 0);
}

TEST_CASE("the MAD is the median distance from the median") {
  CHECK(mad_of({1, 1, 2, 2, 4, 6, 9}) == 1);
  CHECK(mad_of({1, 2, 3, 4}) == 1);
  CHECK(mad_of({1, 2, 3, 10}) == 1);      // distances 0.5, 0.5, 1.5, 7.5
  CHECK(mad_of({0, 0, 0, 10, 20}) == 0);  // more than half are equal
  CHECK(mad_of({5}) == 0);
  CHECK(mad_of({5, 8}) == 1.5);
}

TEST_CASE("the MAD without a sort is the MAD by sorting") {
  std::mt19937_64 random(3);
  for (std::size_t n = 1; n < 60; ++n) {
    Numbers values(n);
    for (double& value : values) value = static_cast<double>(random() % 30) * static_cast<double>(random() % 3);
    std::ranges::sort(values);
    const double median = quantile(values, 0.5);
    Numbers distances;
    for (const double value : values) distances.push_back(std::fabs(value - median));
    std::ranges::sort(distances);
    INFO(n);
    CHECK(mad_of(values) == quantile(distances, 0.5));
  }
}

TEST_CASE("outliers lie beyond the fences, not on them") {
  // Quartiles 2 and 4: fences at -1 and 7.
  const Numbers values{-1.5, -1, 2, 2, 3, 3, 3, 4, 4, 7, 7.5};
  const Outliers tukey = tukey_outliers(values, 2, 4);
  CHECK(tukey.low == -1);
  CHECK(tukey.high == 7);
  CHECK(tukey.below == 1);
  CHECK(tukey.above == 1);
  const Outliers robust = *robust_outliers(values, 3, 0.6745);
  CHECK(robust.low == -0.5);
  CHECK(robust.high == 6.5);
  CHECK(robust.below == 2);
  CHECK(robust.above == 2);
  CHECK_FALSE(robust_outliers(values, 3, 0));
}

TEST_CASE("the largest tenth of equal values holds a tenth of the sum") {
  for (const std::size_t n : {1U, 5U, 9U, 10U, 11U, 19U, 100U}) CHECK(share_of(Numbers(n, 2.5)) == Approx(0.1));
}

TEST_CASE("the largest tenth's share is read from the Lorenz curve") {
  CHECK(share_of({0, 0, 0, 0, 0, 0, 0, 0, 0, 7}) == 1);
  CHECK(share_of({1, 1, 1, 1, 1, 1, 1, 1, 1, 11}) == 0.55);
  CHECK(share_of({1, 1, 1, 1, 6}) == 0.3);  // half of the largest value
  CHECK(share_of({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 7, 20}) == Approx(23.5 / 40));
}

TEST_CASE("there is no share of a sum with negative parts, or of nothing") {
  CHECK(share_of({-1, 2, 3}) == 0);
  CHECK(share_of({0, 0}) == 0);
}

TEST_CASE("figures of order stay finite at the ends of the double range") {
  const Numbers values{-largest, -1e308, 0, 1e308, largest};
  CHECK(mad_of(values) == 1e308);
  CHECK(mad_of({-largest, -largest, largest}) == 0);
  CHECK(mad_of({-largest, largest}) == largest);
  const Outliers tukey = tukey_outliers(values, -1e308, 1e308);
  CHECK(tukey.low == -largest);
  CHECK(tukey.high == largest);
  CHECK(tukey.count() == 0);
  CHECK(robust_outliers(values, 0, 1e308)->count() == 0);
  CHECK(share_of({1e308, 1e308, 1e308, 1e308, 1e308, 1e308, 1e308, 1e308, 1e308, 1e308}) == Approx(0.1));
  CHECK(share_of({0, 5e-324}) == Approx(0.2));
  CHECK(mad_of({5e-324, 1e-323, 2e-323}) == 5e-324);
}

TEST_CASE("equal neighbours count once among the different values") {
  CHECK(count_distinct(Numbers{1, 1, 2, 3, 3}) == 3);
  CHECK(count_distinct(Numbers{4}) == 1);
  CHECK(count_distinct(Numbers{-0.0, 0.0}) == 1);
}
