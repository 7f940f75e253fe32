// References: Python's statistics module (exact rational arithmetic), quantiles(method="inclusive") being R's type 7.
#include "workers/fulfillment/analysis/statistics.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "workers/fulfillment/analysis/histogram.hpp"

using namespace circuit::analysis;
using Numbers = std::vector<double>;

namespace {

Approx near(double value) { return Approx(value).epsilon(1e-13).margin(1e-300); }

std::optional<double> r_of(const Numbers& x, const Numbers& y) { return pearson(deviations(x), deviations(y)); }

}  // namespace

TEST_CASE("mean and sample standard deviation of eight numbers") {
  const Numbers values{2, 4, 4, 4, 5, 5, 7, 9};
  CHECK(mean(values) == 5);
  CHECK(*sample_standard_deviation(values) == near(2.138089935299395));
}

TEST_CASE("a sum keeps what large numbers would swallow") {
  CHECK(compensated_sum(Numbers{1e16, 1, 1, 1, 1, -1e16}) == 4);
  CHECK(compensated_sum(Numbers(10, 0.1)) == 1);
}

TEST_CASE("a large offset does not eat the deviation") {
  CHECK(*sample_standard_deviation(Numbers{1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}) == near(5.477225575051661));
  // The mean, 1e15 + 1/3, is not a double.
  CHECK(*sample_standard_deviation(Numbers{1e15, 1e15, 1e15 + 1}) == near(0.5773502691896258));
}

TEST_CASE("equal numbers have no deviation at all") {
  // Three times 3.7, rounded, divided by three, is not 3.7.
  CHECK(*sample_standard_deviation(Numbers(3, 3.7)) == 0);
  CHECK(*sample_standard_deviation(Numbers(49, 6.71)) == 0);
}

TEST_CASE("one number has a mean but no sample deviation") {
  CHECK(mean(Numbers{3}) == 3);
  CHECK_FALSE(sample_standard_deviation(Numbers{3}));
}

TEST_CASE("numbers at the ends of the double range neither overflow nor vanish") {
  CHECK(mean(Numbers{1.5e308, 1.5e308, 1.5e308}) == 1.5e308);
  CHECK(*sample_standard_deviation(Numbers{1e300, 3e300}) == near(std::sqrt(2.0) * 1e300));
  CHECK(*sample_standard_deviation(Numbers{1e-200, 3e-200}) == near(std::sqrt(2.0) * 1e-200));
  CHECK_FALSE(sample_standard_deviation(Numbers{-1.7e308, 1.7e308}));
  CHECK(quantile(Numbers{-1.7e308, 1.7e308}, 0.5) == 0);
}

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
  CHECK(quantile(even, 1) == 4);
}

TEST_CASE("sorting many numbers agrees with std::sort") {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal(0, 1e6);
  Numbers values{0, 1e308, -1e308, 5e-324, -5e-324, 1e-10};
  for (int i = 0; i < 10'000; ++i) values.push_back(i % 3 == 0 ? std::round(normal(random)) : normal(random));
  Numbers expected = values;
  std::sort(expected.begin(), expected.end());
  sort_numbers(values);
  CHECK(values == expected);
  CHECK(count_distinct(Numbers{1, 1, 2, 3, 3}) == 3);
}

TEST_CASE("Pearson's r of four pairs") { CHECK(*r_of({1, 2, 3, 4}, {1, 3, 2, 5}) == near(0.8315218406202999)); }

TEST_CASE("a straight line has r of plus or minus one") {
  CHECK(*r_of({1, 2, 3}, {10, 20, 30}) == near(1));
  CHECK(*r_of({1, 2, 3}, {3, 2, 1}) == near(-1));
  CHECK(*r_of({1e300, 2e300, 3e300}, {1e-300, 2e-300, 3e-300}) == near(1));
}

TEST_CASE("r is not defined for a constant or for two pairs") {
  CHECK_FALSE(r_of({3.7, 3.7, 3.7}, {1, 2, 3}));
  CHECK_FALSE(r_of({1, 2}, {2, 1}));
}

TEST_CASE("bins of whole numbers are equally many numbers wide") {
  const Histogram histogram = integer_histogram(Numbers{1, 2, 2, 3, 9, 10});
  CHECK(histogram.edges == Numbers{1, 4, 7, 10, 13});
  CHECK(histogram.counts == std::vector<std::size_t>{4, 0, 1, 1});
}

TEST_CASE("every number falls into a bin, the largest into the last") {
  const Histogram histogram = real_histogram(Numbers{0, 0.5, 1, 1.5, 2});
  CHECK(histogram.edges == Numbers{0, 0.5, 1, 1.5, 2});
  CHECK(histogram.counts == std::vector<std::size_t>{1, 1, 1, 2});
}

TEST_CASE("extreme ranges and a single value still have a histogram") {
  CHECK(real_histogram(Numbers{-1.7e308, 0, 1.7e308}).counts == std::vector<std::size_t>{1, 1, 1});
  CHECK(real_histogram(Numbers{4, 4, 4}).counts == std::vector<std::size_t>{3});
  CHECK(integer_histogram(Numbers{4, 4, 4}).edges == Numbers{4, 5});
  const Histogram widest = integer_histogram(Numbers{-9007199254740992.0, 9007199254740992.0});
  CHECK(widest.counts == std::vector<std::size_t>{1, 1});
}
