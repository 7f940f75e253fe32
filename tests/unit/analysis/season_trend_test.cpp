// References: R 4.2. The season is anova(lm(d ~ turn), lm(d ~ turn + position)) with d = y - slope (x - mean(x)), the
// slope being that of lm(y ~ x + position); the trend is lm(y ~ x); degrees of freedom by the effective sample size.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/unit/analysis/dated.hpp"
#include "workers/fulfillment/analysis/series/autocorrelation.hpp"
#include "workers/fulfillment/analysis/series/calendar.hpp"
#include "workers/fulfillment/analysis/series/season.hpp"
#include "workers/fulfillment/analysis/series/trend.hpp"

using namespace circuit::analysis;

namespace {

Approx near(double value) { return Approx(value).epsilon(1e-10).margin(0); }

// 36 months from January 2021.
Observations months(double noise = 1) {
  const double by_month[] = {0, 2, 5, 3, 1, -2, -4, -1, 0, 3, 6, 2};
  Observations observed{.period = Period::month, .numbers = {}, .values = {}};
  for (std::int64_t i = 0; i < 36; ++i) {
    observed.numbers.push_back(2021 * 12 + i);
    observed.values.push_back(20 + 0.3 * static_cast<double>(i) + by_month[i % 12] +
                              noise * static_cast<double>(i * i * 7 % 11 - 5) / 2);
  }
  return observed;
}

// Ten weeks of days from a Monday, four missing; the rest beside the season is a walk.
Observations days() {
  const double by_day[] = {2, 4, 6, 8, 10, 18, 16};
  Observations observed{.period = Period::day, .numbers = {}, .values = {}};
  double walk = 0;
  for (std::int64_t i = 0; i < 70; ++i) {
    if (i == 3 || i == 4 || i == 19 || i == 40) continue;
    walk += static_cast<double>(i * i * 3 % 7 - 3) / 2;
    observed.numbers.push_back(period_number(day(2024, 1, 1), Period::day) + i);
    observed.values.push_back(by_day[i % 7] + walk + 0.05 * static_cast<double>(i));
  }
  return observed;
}

}  // namespace

TEST_CASE("the season of three years of months agrees with R") {
  const auto season = find_season(months(), Cycle::month_of_year);
  REQUIRE(season);
  CHECK(season->share == near(0.74834514232700255));
  CHECK(season->p == near(2 * 1.9265052761057943e-04));
  CHECK(season->high == 10);
  CHECK(season->low == 6);
  CHECK(*season->means[0] == near(24.973958333333336));
  CHECK(*season->means[10] == near(31.036458333333336));
}

TEST_CASE("the season of weeks with gaps and a rest that follows its neighbours agrees with R") {
  const auto season = find_season(days(), Cycle::day_of_week);
  REQUIRE(season);
  CHECK(season->share == near(0.9806587461044729));
  CHECK(season->p == Approx(9.7693796248234607e-24).epsilon(1e-8).margin(0));
  const double means[] = {16.038444889164985, 17.587921578032727, 20.137398266900469, 23.073238592131851,
                          26.122715280999600, 34.399464697140075, 31.835305022371443};
  for (std::size_t i = 0; i < 7; ++i) CHECK(*season->means[i] == near(means[i]));
}

TEST_CASE("a trend with a rest that follows its neighbours agrees with R") {
  Observations observed{.period = Period::day, .numbers = {}, .values = {}};
  for (int i = 0; i < 30; ++i) {
    observed.numbers.push_back(18262 + i);
    observed.values.push_back(5 + 0.1 * i + (i * i * 5 % 13 - 6) / 3.0 + std::sin(i / 3.0));
  }
  const auto trend = find_trend(observed, {});
  REQUIRE(trend);
  CHECK(trend->per_year == near(36.22622722098899573));
  CHECK(trend->start == near(5.13643289945867298));
  CHECK(trend->end == near(8.01277009847105326));
  CHECK(trend->r_squared == near(0.29201680473161712));
  CHECK(trend->p == near(2 * 0.22135220551466078));
}

TEST_CASE("a season needs two full years") {
  Observations observed = months(0.1);
  observed.numbers.resize(24);
  observed.values.resize(24);
  CHECK(find_season(observed, Cycle::month_of_year));
  observed.numbers.pop_back();
  observed.values.pop_back();
  CHECK_FALSE(find_season(observed, Cycle::month_of_year));
}

TEST_CASE("what a season adds is that of the weeks' Thursdays and of the quarters' months, and nothing in a year") {
  Season season{.cycle = Cycle::month_of_year};
  for (int i = 0; i < 12; ++i) season.means.emplace_back(i);
  const auto effect = [&](std::int64_t moment_us, Period period) {
    return season_effect(season, period_number(moment_us, period), period);
  };
  CHECK(effect(day(2024, 3, 31), Period::day) == 2 - 5.5);
  CHECK(effect(day(2024, 12, 30), Period::week) == 0 - 5.5);  // its Thursday is 2025-01-02
  CHECK(effect(day(2024, 5, 1), Period::quarter) == 4 - 5.5);
  CHECK(effect(day(2024, 5, 1), Period::year) == 0);
}

TEST_CASE("alternating residuals make no test bolder, and those that repeat leave nothing to test") {
  CHECK(effective_share(std::vector<double>{1, -1, 1, -1, 1, -1, 1, -1}) == 1);
  CHECK(effective_share(std::vector<double>{-4, -3, -2, -1, 0, 1, 2, 3, 4}) < 0.12);
  CHECK(effective_share(std::vector<double>{1, 2}) == 0);
}

TEST_CASE("periods are numbered without gaps, before 1970 and across leap days too") {
  for (const Period period : {Period::hour, Period::day, Period::week, Period::month, Period::quarter, Period::year}) {
    for (const std::int64_t moment : {day(1, 1, 1), day(1899, 12, 31), day(1969, 12, 31), day(2000, 2, 29)}) {
      const std::int64_t number = period_number(moment, period);
      CHECK(period_number(period_start_us(number, period), period) == number);
      CHECK(period_start_us(number, period) <= moment);
      CHECK(period_start_us(number + 1, period) > moment);
      CHECK(period_number(period_start_us(number, period) - 1, period) == number - 1);
    }
  }
  CHECK(period_start_us(period_number(day(2024, 1, 7), Period::week), Period::week) == day(2024, 1, 1));
  CHECK(cycle_position(period_number(day(2024, 1, 7), Period::day), Cycle::day_of_week) == 6);
}
