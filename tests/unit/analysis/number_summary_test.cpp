#include "workers/fulfillment/analysis/statistics/number_summary.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "workers/fulfillment/analysis/statistics/normality.hpp"

using namespace circuit::analysis;
using Numbers = std::vector<double>;

namespace {

NumberSummary summary_of(Numbers values) {
  std::ranges::sort(values);
  return summarize_numbers(moments_of(values), values);
}

void check_finite(const NumberSummary& summary) {
  for (const double value : {summary.min,
                             summary.max,
                             summary.sum,
                             summary.mean,
                             summary.variance.value_or(0),
                             summary.standard_deviation.value_or(0),
                             summary.skewness.value_or(0),
                             summary.kurtosis.value_or(0),
                             summary.percentile_5,
                             summary.first_quartile,
                             summary.median,
                             summary.third_quartile,
                             summary.percentile_95,
                             summary.median_absolute_deviation,
                             summary.tukey.low,
                             summary.tukey.high,
                             summary.robust.value_or(Outliers{}).low,
                             summary.robust.value_or(Outliers{}).high,
                             summary.normality.value_or(Normality{}).k_squared,
                             summary.normality.value_or(Normality{}).p,
                             summary.top_tenth_share})
    CHECK(std::isfinite(value));
}

}  // namespace

TEST_CASE("a summary has every figure of its numbers") {
  const NumberSummary summary = summary_of({-2, 0, 0, 1, 2, 3, 4, 5, 6, 31});
  CHECK(summary.min == -2);
  CHECK(summary.max == 31);
  CHECK(summary.sum == 50);
  CHECK(summary.mean == 5);
  CHECK(*summary.variance == Approx(806.0 / 9));
  CHECK(*summary.standard_deviation == Approx(std::sqrt(806.0 / 9)));
  CHECK(summary.percentile_5 == Approx(-1.1));
  CHECK(summary.first_quartile == 0.25);
  CHECK(summary.median == 2.5);
  CHECK(summary.third_quartile == 4.75);
  CHECK(summary.percentile_95 == Approx(19.75));
  CHECK(summary.median_absolute_deviation == 2.5);
  CHECK(summary.tukey.low == -6.5);
  CHECK(summary.tukey.high == 11.5);
  CHECK(summary.tukey.above == 1);
  CHECK(summary.robust->above == 1);
  CHECK(summary.zeros == 2);
  CHECK(summary.negatives == 1);
  CHECK(summary.top_tenth_share == 0);
  CHECK(summary.order_n == 10);
  CHECK(summary.unit.empty());
  CHECK_FALSE(summary.normality);
}

TEST_CASE("a sample gives the order, all values the moments") {
  const NumberSummary summary = summarize_numbers(moments_of(Numbers{1, 2, 3, 4, 100, 190}), Numbers{1, 3, 100});
  CHECK(summary.mean == 50);
  CHECK(summary.max == 190);
  CHECK(summary.median == 3);
  CHECK(summary.order_n == 3);
  CHECK(summary.top_tenth_share == Approx(30.0 / 104));
}

TEST_CASE("the omnibus test agrees with SciPy's normaltest") {
  Numbers squares;
  for (int i = 1; i <= 30; ++i) squares.push_back(i * i);
  const Normality of_squares = *normality(moments_of(squares));
  CHECK(of_squares.k_squared == Approx(3.8582005415682414).epsilon(1e-12));
  CHECK(of_squares.p == Approx(0.14527885132570745).epsilon(1e-12));
  Numbers heavy{50};
  for (int i = 0; i < 5; ++i) heavy.insert(heavy.end(), {2, 4, 4, 4, 5, 5, 7, 9});
  const Normality of_heavy = *normality(moments_of(heavy));
  CHECK(of_heavy.k_squared == Approx(86.69219001195304).epsilon(1e-12));
  CHECK(of_heavy.p == Approx(1.4963394530179858e-19).epsilon(1e-10));
}

TEST_CASE("the omnibus test needs twenty numbers that are not all equal") {
  Numbers values;
  for (int i = 0; i < 20; ++i) values.push_back(i);
  // Without skewness K² is the kurtosis test's alone. (SciPy 1.10 takes the skewness for not 0 here.)
  CHECK(normality(moments_of(values))->k_squared == Approx(2.9097891726464327).epsilon(1e-12));
  values.pop_back();
  CHECK_FALSE(normality(moments_of(values)));
  CHECK_FALSE(normality(moments_of(Numbers(30, 4.5))));
}

TEST_CASE("no figure is infinite or NaN, whatever the numbers are") {
  constexpr double largest = std::numeric_limits<double>::max();
  for (const Numbers& few : {Numbers{0}, Numbers{5e-324}, Numbers{-largest, largest}, Numbers{largest, largest},
                             Numbers{5e-324, 1e-323, -5e-324}, Numbers{-1e308, 0, 1e308, 1e-308}, Numbers{1, 1, 1, 1},
                             Numbers{0, 0, 0, 1e-200}, Numbers{1e15, 1e15 + 1, 1e15 + 2, 1e15 + 3}}) {
    check_finite(summary_of(few));
    Numbers many;
    for (int i = 0; i < 30; ++i) many.insert(many.end(), few.begin(), few.end());
    many.push_back(0);
    check_finite(summary_of(many));
  }
}
