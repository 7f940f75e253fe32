#include "workers/fulfillment/analysis/statistics/histogram.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

using namespace circuit::analysis;
using Numbers = std::vector<double>;
using Counts = std::vector<std::size_t>;

namespace {

using Moments64 = std::vector<std::int64_t>;

constexpr std::int64_t hour_us = 3'600'000'000;
constexpr std::int64_t day_us = 24 * hour_us;

std::int64_t date_us(int year, unsigned month, unsigned day) {
  const std::chrono::sys_days days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}};
  return days.time_since_epoch().count() * day_us;
}

// Every value is in exactly one bin, and in the right one.
void check_counts(const Distribution& result, const Numbers& sorted) {
  REQUIRE(result.edges.size() == result.counts.size() + 1);
  REQUIRE(result.counts.size() <= bins_max);
  for (const double edge : result.edges) REQUIRE(std::isfinite(edge));
  for (std::size_t i = 0; i < result.counts.size(); ++i) {
    REQUIRE(result.edges[i] < result.edges[i + 1]);
    const bool is_last = i + 1 == result.counts.size();
    const auto in_bin = std::ranges::count_if(sorted, [&](double value) {
      return value >= result.edges[i] && (is_last ? value <= result.edges[i + 1] : value < result.edges[i + 1]);
    });
    REQUIRE(result.counts[i] == static_cast<std::size_t>(in_bin));
  }
  REQUIRE(std::accumulate(result.counts.begin(), result.counts.end(), std::size_t{0}) == sorted.size());
}

Distribution checked_histogram(Numbers values, bool are_whole) {
  std::ranges::sort(values);
  Distribution result = histogram(values, are_whole);
  check_counts(result, values);
  return result;
}

Distribution checked_moments(Moments64 values, bool are_days) {
  std::ranges::sort(values);
  Distribution result = moment_histogram(values, are_days);
  check_counts(result, Numbers(values.begin(), values.end()));
  CHECK(result.edges.back() > static_cast<double>(values.back()));
  return result;
}

Moments64 every(std::int64_t step, std::int64_t first, int n) {
  Moments64 values;
  for (int i = 0; i < n; ++i) values.push_back(first + step * i);
  return values;
}

}  // namespace

TEST_CASE("the rule's width is 2 IQR over the cube root of n, between a sixtieth and a fifth of the range") {
  CHECK(rule_width(10, 100, 1'000) == Approx(2));
  CHECK(rule_width(0.1, 100, 1'000) == Approx(100.0 / 60));
  CHECK(rule_width(90, 100, 27) == Approx(20));
  CHECK(rule_width(0, 100, 1'000) == Approx(100.0 / 11));  // ceil(log2 1000) + 1
}

TEST_CASE("edges of reals are the round numbers nearest to the rule's width") {
  Numbers values;
  for (int i = 0; i <= 1'000; ++i) values.push_back(0.013 + i * 0.001);
  // 2 * 0.5 / 10.003 is almost 0.1.
  const Distribution result = checked_histogram(values, false);
  CHECK(result.edges == Numbers{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1});
}

TEST_CASE("the largest real is in the last bin, on its edge if it is round") {
  const Distribution result = checked_histogram({0, 0.5, 1, 1.5, 2}, false);
  CHECK(result.edges == Numbers{0, 0.5, 1, 1.5, 2});
  CHECK(result.counts == Counts{1, 1, 1, 2});
}

TEST_CASE("bins of whole numbers are whole") {
  Numbers values;
  for (int i = 0; i < 5'000; ++i) values.push_back(i % 40);
  const Distribution result = checked_histogram(values, true);
  // 2 * 20 / 17.1 is 2.3: not 2.5.
  CHECK(result.edges.front() == 0);
  CHECK(result.edges[1] == 2);
  CHECK(result.edges.back() == 40);
  CHECK(std::ranges::all_of(result.counts, [](std::size_t count) { return count == 250; }));
}

TEST_CASE("up to twelve whole numbers have a bin each") {
  CHECK(checked_histogram({1, 2, 2, 5}, true).counts == Counts{1, 2, 0, 0, 1});
  CHECK(checked_histogram({0, 11}, true).counts.size() == 12);
  CHECK(checked_histogram({0, 12}, true).counts.size() < 12);
}

TEST_CASE("values that are mostly equal are counted by Sturges's rule") {
  Numbers values(1'000, 0);
  for (int i = 1; i <= 100; ++i) values.push_back(i / 10.0);
  const Distribution result = checked_histogram(values, false);
  CHECK(result.edges[1] == 1);
  CHECK(result.counts.size() == 10);
}

TEST_CASE("an outlier does not make more than sixty bins") {
  Numbers values;
  for (int i = 0; i < 10'000; ++i) values.push_back(i / 10'000.0);
  values.push_back(1e6);
  const Distribution result = checked_histogram(values, false);
  CHECK(result.edges[1] == 20'000);
  CHECK(checked_histogram(values, true).counts.size() == result.counts.size() + 1);
}

TEST_CASE("the first bin holds the least number, even one just below an edge") {
  // Divided by the width and rounded, the first is as far as the edge above it, the second not as far as its own.
  for (const auto& [least, width] : {std::pair{-0.059500000000000004, 5e-4}, std::pair{-0.0015456, 1e-7}}) {
    Numbers values;
    for (int i = 0; i <= 27'000; ++i) values.push_back(least + 30 * width * i / 27'000);
    const Distribution result = checked_histogram(values, false);
    CHECK(result.edges[1] - result.edges[0] == Approx(width));
    CHECK(result.counts.front() > 0);
  }
}

TEST_CASE("a single value has a bin around it") {
  CHECK(checked_histogram({4, 4, 4}, true).edges == Numbers{4, 5});
  CHECK(checked_histogram({4, 4, 4}, false).counts == Counts{3});
  for (const double value : {0.0, -3.5, 5e-324, -5e-324, 1.7976931348623157e308, -1.7976931348623157e308, 1e17})
    for (const bool are_whole : {false, true}) checked_histogram({value, value}, are_whole);
}

TEST_CASE("extreme ranges have finite edges") {
  constexpr double largest = std::numeric_limits<double>::max();
  const Numbers extremes[] = {{-1.7e308, 0, 1.7e308},
                              {-largest, largest},
                              {-largest, -largest, -largest, largest},
                              {0, 5e-324},
                              {0, 1e-323, 2e-323},
                              {1e-300, 2e-300, 5e-300},
                              {-5e-324, 1e308},
                              {1, 1 + 2.220446049250313e-16},
                              {1e15, 1e15 + 0.125, 1e15 + 0.25},
                              {9007199254740990, 9007199254740992},
                              {-9007199254740992, 9007199254740992},
                              {1e300, 1e300 + 1e285},
                              {1e-5, 1e22, 1e22},
                              {0.1, 1e23}};
  for (const Numbers& values : extremes) {
    INFO(values.front() << " to " << values.back());
    checked_histogram(values, false);
    if (std::ranges::all_of(values, [](double value) { return value == std::trunc(value); })) {
      checked_histogram(values, true);
    }
  }
}

TEST_CASE("numbers of any scale and size have four to sixty bins with all values in them") {
  std::mt19937_64 random(2);
  for (int round = 0; round < 400; ++round) {
    const double scale = std::pow(10.0, static_cast<double>(random() % 40) - 20);
    const double offset = static_cast<double>(random() % 3) * scale * 10;
    Numbers values(2 + random() % 300);
    for (double& value : values)
      value = offset + scale * std::normal_distribution<double>(0, static_cast<double>(random() % 5) + 0.1)(random);
    INFO(round);
    CHECK(checked_histogram(values, false).counts.size() >= 4);
    for (double& value : values) value = std::round(value);
    checked_histogram(values, true);
  }
}

TEST_CASE("days are counted by days, weeks from a Monday, months or years") {
  const std::int64_t tuesday = date_us(2024, 1, 2);
  const Distribution days = checked_moments(every(day_us, tuesday, 3), true);
  CHECK(days.counts == Counts{1, 1, 1});
  CHECK(days.edges.front() == static_cast<double>(tuesday));
  // The rule: 2 * 45 / 91^(1/3) is 20 days, at most a fifth of 90; two weeks are nearer than a month.
  const Distribution weeks = checked_moments(every(day_us, tuesday, 91), true);
  CHECK(weeks.edges.front() == static_cast<double>(date_us(2023, 12, 25)));
  CHECK(weeks.edges[1] == static_cast<double>(date_us(2024, 1, 8)));
  const Distribution months = checked_moments(every(day_us, tuesday, 366), true);
  CHECK(months.edges[1] == static_cast<double>(date_us(2024, 2, 1)));
  CHECK(months.counts == Counts{30, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 1});
  const Distribution years = checked_moments(every(30 * day_us, date_us(1950, 6, 1), 600), true);
  CHECK(years.edges.front() == static_cast<double>(date_us(1950, 1, 1)));
  CHECK(years.edges[1] == static_cast<double>(date_us(1955, 1, 1)));
}

TEST_CASE("moments before 1970 fall into the day that they are in") {
  const Distribution result = checked_moments({-1'500'000, -500'000, 500'000}, false);
  CHECK(result.edges == Numbers{-2e6, -1e6, 0, 1e6});
  CHECK(checked_moments(every(day_us, date_us(1969, 12, 30), 4), true).edges.front() ==
        static_cast<double>(date_us(1969, 12, 30)));
}

TEST_CASE("times of day are counted by hours, and days that carry no time never are") {
  const Moments64 one_day = every(hour_us / 2, date_us(2024, 5, 5), 48);
  const Distribution result = checked_moments(one_day, false);
  CHECK(result.edges[1] - result.edges[0] == static_cast<double>(6 * hour_us));
  CHECK(checked_moments({date_us(2024, 5, 5), date_us(2024, 5, 5)}, true).edges.size() == 2);
  CHECK(checked_moments({date_us(2024, 5, 5), date_us(2024, 5, 6)}, true).counts == Counts{1, 1});
}

TEST_CASE("moments of any range have bins with all of them in") {
  std::mt19937_64 random(4);
  for (int round = 0; round < 300; ++round) {
    const std::int64_t range = std::int64_t{1} << (random() % 62);
    Moments64 values(1 + random() % 100);
    for (std::int64_t& value : values)
      value = static_cast<std::int64_t>(random() % static_cast<unsigned long>(range)) - range / 2;
    INFO(round);
    checked_moments(values, false);
  }
  constexpr std::int64_t far = std::numeric_limits<std::int64_t>::max();
  check_counts(moment_histogram(Moments64{-far, 0, far}, false),
               Numbers{-static_cast<double>(far), 0, static_cast<double>(far)});
}
