// Reference: NIST Statistical Reference Datasets, linear regression, data set Norris (calibration of ozone monitors, 36
// points). The certified values have 15 digits; reading the points as doubles costs the residuals one of them.
#include "workers/fulfillment/analysis/series/linear_fit.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace circuit::analysis;
using Numbers = std::vector<double>;

namespace {

const Numbers norris_x{0.2, 337.4, 118.2, 884.6, 10.1,  226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4,
                       0.6, 775.5, 666.9, 338.0, 447.5, 11.6,  556.0, 228.1, 995.8, 887.6, 120.2, 0.3,
                       0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1,  118.3, 229.2, 669.1, 448.9, 0.5};
const Numbers norris_y{0.1, 338.8, 118.1, 888.0, 9.2,   228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3,
                       0.1, 778.1, 668.8, 339.3, 448.9, 10.8,  557.7, 228.3, 998.0, 888.8, 119.6, 0.3,
                       0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2,  117.6, 228.9, 668.4, 449.2, 0.2};

Approx near(double value, double epsilon) { return Approx(value).epsilon(epsilon).margin(0); }

}  // namespace

TEST_CASE("a line through Norris agrees with NIST's certified values") {
  const auto fit = fit_line(norris_x, norris_y);
  REQUIRE(fit);
  CHECK(fit->intercept == near(-0.262323073774029, 2e-13));
  CHECK(fit->slope == near(1.00211681802045, 5e-15));
  CHECK(fit->intercept_deviation() == near(0.232818234301152, 3e-14));
  CHECK(fit->slope_deviation() == near(0.429796848199937e-03, 3e-14));
  CHECK(fit->r_squared == near(0.999993745883712, 1e-15));
  CHECK(fit->residual_deviation() == near(0.884796396144373, 3e-14));
  CHECK(fit->residual_squares == near(26.6173985294224, 5e-14));
}

TEST_CASE("a large offset of x or y costs the slope no digits") {
  Numbers x;
  Numbers y;
  for (int i = 0; i < 50; ++i) {
    x.push_back(1e9 + i);
    y.push_back(1e12 + 0.25 * i);
  }
  const auto fit = fit_line(x, y);
  REQUIRE(fit);
  CHECK(fit->slope == 0.25);
  CHECK(fit->r_squared == 1);
  CHECK(fit->at(1e9 + 49) == 1e12 + 0.25 * 49);
}

TEST_CASE("a level line has no slope and explains nothing") {
  const auto fit = fit_line(Numbers{1, 2, 3, 4}, Numbers{3.7, 3.7, 3.7, 3.7});
  REQUIRE(fit);
  CHECK(fit->slope == 0);
  CHECK(fit->r_squared == 0);
}

TEST_CASE("no line goes through two points, a constant x, or numbers whose squares are too large") {
  CHECK_FALSE(fit_line(Numbers{1, 2}, Numbers{1, 2}));
  CHECK_FALSE(fit_line(Numbers{5, 5, 5}, Numbers{1, 2, 3}));
  CHECK_FALSE(fit_line(Numbers{1, 2, 3}, Numbers{-1e300, 0, 1e300}));
}
