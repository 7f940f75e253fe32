#include "workers/fulfillment/analysis/statistics/moments.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace circuit::analysis;
using Numbers = std::vector<double>;

namespace {

Approx near(double value) { return Approx(value).epsilon(1e-14).margin(1e-300); }

Moments in_two(const Numbers& values, std::size_t first) {
  const std::span<const double> all(values);
  return merged(moments_of(all.first(first)), moments_of(all.subspan(first)));
}

}  // namespace

TEST_CASE("eight numbers have the moments that paper and pencil give") {
  const Moments moments = moments_of(Numbers{2, 4, 4, 4, 5, 5, 7, 9});
  CHECK(moments.n == 8);
  CHECK(sum(moments) == 40);
  CHECK(mean(moments) == 5);
  CHECK(moments.min == 2);
  CHECK(moments.max == 9);
  CHECK(moments.m2 == 32);
  CHECK(moments.m3 == 42);
  CHECK(moments.m4 == 356);
  CHECK(*variance(moments) == near(32.0 / 7));
  CHECK(*standard_deviation(moments) == near(std::sqrt(32.0 / 7)));
  // m3 / n = 5.25 over 2³, m4 / n = 44.5 over 2⁴.
  CHECK(*plain_skewness(moments) == near(0.65625));
  CHECK(*plain_kurtosis(moments) == near(2.78125));
  CHECK(*skewness(moments) == near(std::sqrt(56.0) / 6 * 0.65625));
  CHECK(*kurtosis(moments) == near(7.0 / 30 * (9 * -0.21875 + 6)));
}

TEST_CASE("a sum keeps what large numbers would swallow") {
  CHECK(sum(moments_of(Numbers{1e16, 1, 1, 1, 1, -1e16})) == 4);
  CHECK(sum(moments_of(Numbers(10, 0.1))) == 1);
  Numbers many{1e16};
  many.insert(many.end(), 10'000, 1.0);
  many.push_back(-1e16);
  CHECK(sum(moments_of(many)) == 10'000);
  CHECK(sum(in_two(many, 5'000)) == 10'000);
}

TEST_CASE("a large offset does not eat the deviation") {
  CHECK(*standard_deviation(moments_of(Numbers{1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16})) == near(std::sqrt(30.0)));
  // The mean, 1e15 + 1/3, is not a double.
  CHECK(*standard_deviation(moments_of(Numbers{1e15, 1e15, 1e15 + 1})) == near(std::sqrt(1.0 / 3)));
  CHECK(*standard_deviation(in_two({1e15, 1e15, 1e15 + 1}, 1)) == near(std::sqrt(1.0 / 3)));
}

TEST_CASE("equal numbers have no deviation at all, and no shape") {
  // Three times 3.7, rounded, divided by three, is not 3.7.
  for (const Moments& moments :
       {moments_of(Numbers(3, 3.7)), moments_of(Numbers(5'000, 6.71)), in_two(Numbers(9, 0.1), 4),
        in_two(Numbers(8, 1e300), 3), moments_of(Numbers(4, 5e-324))}) {
    CHECK(mean(moments) == moments.min);
    CHECK(*standard_deviation(moments) == 0);
    CHECK(*variance(moments) == 0);
    CHECK_FALSE(skewness(moments));
    CHECK_FALSE(kurtosis(moments));
  }
}

TEST_CASE("few numbers have only the moments that are defined for them") {
  const Moments none = moments_of({});
  CHECK(none.n == 0);
  CHECK(sum(none) == 0);
  CHECK(mean(none) == 0);
  CHECK_FALSE(variance(none));
  const Moments one = moments_of(Numbers{3});
  CHECK(mean(one) == 3);
  CHECK_FALSE(standard_deviation(one));
  const Moments two = moments_of(Numbers{3, 5});
  CHECK(*variance(two) == 2);
  CHECK_FALSE(skewness(two));
  const Moments three = moments_of(Numbers{1, 2, 6});
  CHECK(*skewness(three) == near(std::sqrt(6.0) * 6 / std::pow(14.0 / 3, 1.5)));
  CHECK_FALSE(kurtosis(three));
  CHECK(*kurtosis(moments_of(Numbers{1, 2, 3, 4})) == near(-1.2));
}

TEST_CASE("numbers at the ends of the double range neither overflow nor vanish") {
  CHECK(mean(moments_of(Numbers{1.5e308, 1.5e308, 1.5e308})) == 1.5e308);
  CHECK(mean(moments_of(Numbers{1.7e308, 1.7e308, -1.7e308, 1.5e308})) == near(0.8e308));
  CHECK(*standard_deviation(moments_of(Numbers{1e300, 3e300})) == near(std::sqrt(2.0) * 1e300));
  CHECK(*standard_deviation(moments_of(Numbers{1e-200, 3e-200})) == near(std::sqrt(2.0) * 1e-200));
  CHECK(*standard_deviation(in_two({1e300, 3e300}, 1)) == near(std::sqrt(2.0) * 1e300));
  CHECK(*kurtosis(moments_of(Numbers{1e300, 2e300, 3e300, 4e300})) == near(-1.2));
  CHECK(*kurtosis(moments_of(Numbers{1e-300, 2e-300, 3e-300, 4e-300})) == near(-1.2));
  CHECK(*skewness(moments_of(Numbers{5e-324, 5e-324, 1e-323, 5e-324})) == near(2));
}

TEST_CASE("a figure that does not fit a double is left out, and a sum stops at the largest double") {
  CHECK_FALSE(standard_deviation(moments_of(Numbers{-1.7e308, 1.7e308})));
  CHECK_FALSE(variance(moments_of(Numbers{1e300, 3e300})));
  CHECK_FALSE(variance(moments_of(Numbers{1e-200, 3e-200})));
  CHECK(sum(moments_of(Numbers{1.7e308, 1.7e308})) == std::numeric_limits<double>::max());
  CHECK(sum(moments_of(Numbers{-1.7e308, -1.7e308})) == -std::numeric_limits<double>::max());
}

TEST_CASE("merged blocks have the moments of the whole, even if only one needs scaling") {
  std::mt19937_64 random(11);
  std::exponential_distribution<double> exponential(0.01);
  Numbers values(20'011);
  for (double& value : values) value = 1e6 + exponential(random);
  values[17] = 1e80;
  values[18] = -3e79;
  const Moments whole = moments_of(values);
  for (const std::size_t first : {std::size_t{0}, std::size_t{1}, std::size_t{18}, std::size_t{4'099}, values.size()}) {
    const Moments parts = in_two(values, first);
    INFO(first);
    CHECK(parts.n == values.size());
    CHECK(sum(parts) == near(sum(whole)));
    CHECK(mean(parts) == near(mean(whole)));
    CHECK(*standard_deviation(parts) == Approx(*standard_deviation(whole)).epsilon(1e-13));
    CHECK(*skewness(parts) == Approx(*skewness(whole)).epsilon(1e-12));
    CHECK(*kurtosis(parts) == Approx(*kurtosis(whole)).epsilon(1e-12));
    CHECK(parts.min == -3e79);
    CHECK(parts.max == 1e80);
  }
}

TEST_CASE("every length has each of its numbers counted once") {
  for (std::size_t n = 1; n < 40; ++n) {
    Numbers values;
    for (std::size_t i = 1; i <= n; ++i) values.push_back(static_cast<double>(i));
    const double count = static_cast<double>(n);
    const Moments moments = moments_of(values);
    INFO(n);
    CHECK(sum(moments) == count * (count + 1) / 2);
    CHECK(moments.m2 == near(count * (count * count - 1) / 12));
    CHECK(moments.max == count);
    std::reverse(values.begin(), values.end());
    CHECK(moments_of(values).min == 1);
    CHECK(moments_of(values).max == count);
  }
}
