// References: R 4.2's pt, pf, pchisq and p.adjust(method = "BH"), printed to 17 digits.
#include "workers/fulfillment/analysis/statistics/distributions.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "workers/fulfillment/analysis/statistics/adjusted_p.hpp"

using namespace circuit::analysis;

namespace {

Approx near(double value) { return Approx(value).epsilon(1e-11).margin(0); }

}  // namespace

TEST_CASE("two-sided p of t agrees with R, far tails too") {
  CHECK(two_sided_p_of_t(2.5, 10) == near(0.031446844236608776));
  CHECK(two_sided_p_of_t(-2.5, 10) == near(0.031446844236608776));
  CHECK(two_sided_p_of_t(0.5, 1) == near(0.70483276469913358));
  CHECK(two_sided_p_of_t(10, 1498) == near(7.780541202082997e-23));
  CHECK(two_sided_p_of_t(38, 1498) == near(8.1910420810736954e-222));
  CHECK(two_sided_p_of_t(1.96, 1e6) == near(0.049996067585269796));
  CHECK(two_sided_p_of_t(1e5, 3) == near(2.2053155808932506e-15));
  CHECK(two_sided_p_of_t(0, 7) == 1);
}

TEST_CASE("the upper tail of F agrees with R") {
  CHECK(upper_tail_of_f(3.2, 2, 27) == near(0.056602226408500836));
  CHECK(upper_tail_of_f(1.18046237440255, 4, 20) == near(0.34944749340219283));
  CHECK(upper_tail_of_f(1e6, 1, 20) == near(1.8039133995891414e-48));
  CHECK(upper_tail_of_f(0, 3, 20) == 1);
}

TEST_CASE("the upper tail of chi-squared agrees with R") {
  CHECK(upper_tail_of_chi_squared(7.3, 3) == near(0.062926236459043175));
  CHECK(upper_tail_of_chi_squared(1400, 4) == near(6.9116332571757217e-302));
  CHECK(upper_tail_of_chi_squared(0.01, 42) == near(1));
  CHECK(upper_tail_of_chi_squared(2500, 2401) == near(0.077941367129525096));
  CHECK(upper_tail_of_chi_squared(0, 3) == 1);
}

TEST_CASE("what is beyond all doubles has a p of nothing, and nothing has a p that is no number") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double largest = std::numeric_limits<double>::max();
  CHECK(two_sided_p_of_t(infinity, 5) == 0);
  CHECK(two_sided_p_of_t(largest, 1) == 0);
  CHECK(two_sided_p_of_t(1000, 1e6) == 0);
  CHECK(upper_tail_of_f(largest, 3, 5'000) == 0);
  CHECK(upper_tail_of_f(infinity, 3, 5) == 0);
  CHECK(upper_tail_of_chi_squared(largest, 4) == 0);
  for (const double value : {5e-324, 1e-300, 1e-17, 1.0, 1e17, 1e300})
    for (const double freedom : {1.0, 2.0, 1e3, 1e9}) {
      CHECK_FALSE(std::isnan(two_sided_p_of_t(value, freedom)));
      CHECK_FALSE(std::isnan(upper_tail_of_f(value, freedom, freedom)));
      CHECK_FALSE(std::isnan(upper_tail_of_chi_squared(value, freedom)));
    }
}

TEST_CASE("adjusted p-values agree with R's p.adjust") {
  const auto adjusted = benjamini_hochberg(std::vector<double>{0.01, 0.04, 0.039, 0.005, 0.2});
  const std::vector<double> expected{0.025, 0.05, 0.05, 0.025, 0.2};
  REQUIRE(adjusted.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK(adjusted[i] == near(expected[i]));
  CHECK(benjamini_hochberg(std::vector<double>{0.9, 0.95, 0.9, 1}) == std::vector<double>{1, 1, 1, 1});
  CHECK(benjamini_hochberg({}).empty());
}
