#include "workers/fulfillment/analysis/series/series.hpp"

#include <catch2/catch.hpp>
#include <cstdio>
#include <numbers>
#include <sstream>

#include "tests/unit/analysis/analyzed.hpp"
#include "tests/unit/analysis/dated.hpp"
#include "workers/fulfillment/analysis/series/calendar.hpp"

using namespace circuit::analysis;

namespace {

std::vector<TimeSeries> found_in(const Columns& columns) { return find_series(columns.columns, columns.values); }

// One row a day; value(i) for day i.
template <typename Value>
Columns daily(int days, Value value, std::int64_t from_us = day(2020, 1, 1)) {
  std::vector<std::int64_t> moments;
  std::vector<double> numbers;
  for (int i = 0; i < days; ++i) {
    moments.push_back(from_us + i * day_us);
    numbers.push_back(value(i));
  }
  Columns columns;
  columns.add_dates(std::move(moments));
  columns.add_numbers(std::move(numbers));
  return columns;
}

// Events of a Poisson process with `rate(day)` events a day.
template <typename Rate>
std::vector<std::int64_t> events(int days, Rate rate, Noise& noise, std::int64_t from_us = day(2020, 1, 1)) {
  std::vector<std::int64_t> moments;
  constexpr int slices = 240;
  for (int i = 0; i < days; ++i)
    for (int slice = 0; slice < slices; ++slice)
      if (noise.uniform() < rate(i) / slices) moments.push_back(from_us + i * day_us + slice * (day_us / slices));
  return moments;
}

std::size_t total_rows(const TimeSeries& series) {
  std::size_t rows = 0;
  for (const auto& step : series.steps) rows += step.rows;
  return rows;
}

}  // namespace

TEST_CASE("a number that rises 10 a year beside noise has that trend and no season") {
  Noise noise(1);
  const auto series = found_in(daily(1461, [&](int i) { return 50 + 10 * i / 365.2425 + noise.normal(); }));
  REQUIRE(series.size() == 1);
  CHECK(series[0].value == 1u);
  CHECK(series[0].period == Period::week);
  REQUIRE(series[0].trend);
  CHECK(series[0].trend->per_year == Approx(10).margin(0.15));
  CHECK(series[0].trend->start == Approx(50).margin(0.3));
  CHECK(series[0].trend->end == Approx(90).margin(0.5));
  CHECK(series[0].trend->r_squared > 0.95);
  CHECK(series[0].trend->p < 1e-50);
  CHECK(series[0].seasons.empty());
}

TEST_CASE("noise around a level has neither trend nor season") {
  Noise noise(2);
  const auto series = found_in(daily(1461, [&](int) { return 50 + noise.normal(); }));
  REQUIRE(series.size() == 1);
  CHECK(series[0].trend->p > 0.05);
  CHECK(series[0].seasons.empty());
}

TEST_CASE("a wave of a year is a month-of-year season and no trend, although the data end in a summer") {
  Noise noise(3);
  const auto wave = [&](int i) { return 10 - 8 * std::cos(2 * std::numbers::pi * i / 365.2425) + noise.normal(); };
  const auto series = found_in(daily(365 * 3 + 182, wave));
  REQUIRE(series.size() == 1);
  REQUIRE(series[0].seasons.size() == 1);
  const Season& season = series[0].seasons[0];
  CHECK(season.cycle == Cycle::month_of_year);
  CHECK(season.share > 0.95);
  CHECK(season.p < 1e-10);
  CHECK((season.high == 5 || season.high == 6));
  CHECK((season.low == 0 || season.low == 11));
  CHECK(*season.means[season.high] == Approx(17.7).margin(0.3));
  CHECK(std::fabs(series[0].trend->per_year) < 0.2);
  CHECK(series[0].trend->p > 0.01);
}

TEST_CASE("a trend and a season are told apart") {
  Noise noise(4);
  const auto both = [&](int i) {
    return 100 + 12 * i / 365.2425 - 5 * std::cos(2 * std::numbers::pi * i / 365.2425) + noise.normal();
  };
  const auto series = found_in(daily(900, both));
  REQUIRE(series[0].seasons.size() == 1);
  CHECK(series[0].trend->per_year == Approx(12).margin(0.4));
  const auto& means = series[0].seasons[0].means;
  CHECK(*means[6] - *means[0] == Approx(9.8).margin(0.7));
}

TEST_CASE("a value that is high at weekends has a day-of-week season") {
  Noise noise(5);
  // 2020-01-01 was a Wednesday.
  const auto series = found_in(daily(200, [&](int i) { return ((i + 2) % 7 >= 5 ? 30 : 20) + 3 * noise.normal(); }));
  REQUIRE(series[0].seasons.size() == 1);
  const Season& season = series[0].seasons[0];
  CHECK(series[0].period == Period::day);
  CHECK(season.cycle == Cycle::day_of_week);
  CHECK(season.high >= 5);
  CHECK(season.low < 5);
  CHECK(*season.means[6] == Approx(30).margin(1.5));
  CHECK(season.share == Approx(0.7).margin(0.1));
}

TEST_CASE("a day's wave is an hour-of-day season although the days differ more than the hours") {
  Noise noise(6);
  std::vector<std::int64_t> moments;
  std::vector<double> numbers;
  double level = 0;
  for (int i = 0; i < 24 * 14; ++i) {
    if (i % 24 == 0) level += noise.normal() * 2;
    moments.push_back(day(2024, 3, 4) + i * hour_us);
    numbers.push_back(level + 3 * std::sin(2 * std::numbers::pi * (i - 9) / 24.0) + 0.5 * noise.normal());
  }
  Columns columns;
  columns.add_dates(moments);
  columns.add_numbers(numbers);
  const auto series = found_in(columns);
  REQUIRE(series.size() == 1);
  CHECK(series[0].period == Period::hour);
  REQUIRE(series[0].seasons.size() == 1);
  CHECK(series[0].seasons[0].cycle == Cycle::hour_of_day);
  CHECK((series[0].seasons[0].high >= 14 && series[0].seasons[0].high <= 16));
}

TEST_CASE("random walks are seldom taken for trends or seasons") {
  int trends = 0;
  int seasons = 0;
  constexpr int walks = 100;
  for (int seed = 0; seed < walks; ++seed) {
    Noise noise(static_cast<std::uint64_t>(1000 + seed));
    double level = 0;
    const auto series = found_in(daily(1200, [&](int) { return level += noise.normal(); }));
    trends += series[0].trend->p < 0.01;
    seasons += !series[0].seasons.empty();
  }
  // Of a hundred least-squares lines, about eighty would be called significant without regard to the walk.
  CHECK(trends <= 15);
  CHECK(seasons <= 5);
}

TEST_CASE("a walk that keeps its direction is a trend") {
  Noise noise(14);
  double level = 1000;
  const auto series = found_in(daily(1200, [&](int) { return level += 0.5 + noise.normal(); }));
  CHECK(series[0].trend->p < 1e-6);
}

TEST_CASE("events are counted by period, and a rate that doubles is a trend") {
  Noise noise(7);
  Columns columns;
  columns.add_dates(events(
      730, [](int i) { return 3.0 + 3.0 * i / 730; }, noise));
  const auto series = found_in(columns);
  REQUIRE(series.size() == 1);
  CHECK_FALSE(series[0].value);
  CHECK(series[0].period == Period::week);
  CHECK(total_rows(series[0]) == columns.columns[0].count);
  CHECK(series[0].trend->start == Approx(21).margin(3));
  CHECK(series[0].trend->end == Approx(42).margin(3));
  CHECK(series[0].trend->p < 1e-10);
}

TEST_CASE("an incomplete first and last month do not bend the trend of counts") {
  Noise noise(8);
  Columns columns;
  columns.add_dates(events(
      900, [](int) { return 20.0; }, noise, day(2020, 1, 25)));
  const auto series = found_in(columns);
  REQUIRE(series.size() == 1);
  REQUIRE(series[0].period == Period::week);
  CHECK(series[0].is_first_partial);
  CHECK(series[0].steps.front().value < 60);
  CHECK(series[0].trend->p > 0.05);
  CHECK(series[0].trend->start == Approx(140).margin(8));
}

TEST_CASE("months of equally many rows a day have no season, although February is short") {
  Noise noise(9);
  Columns columns;
  columns.add_dates(events(
      365 * 9, [](int) { return 12.0; }, noise));
  const auto series = found_in(columns);
  REQUIRE(series.size() == 1);
  CHECK(series[0].period == Period::month);
  CHECK(series[0].seasons.empty());
}

TEST_CASE("a busy December and quiet weekends do not hide that the weeks' counts rise") {
  Noise noise(13);
  const std::int64_t monday = day(2020, 1, 6);
  const auto rate = [&](int i) {
    const auto month = period_number(monday + i * day_us, Period::month) % 12;
    return (8 + 8.0 * i / 1100) * (month == 11 ? 2 : 1) * (i % 7 >= 5 ? 0.3 : 1);
  };
  Columns columns;
  columns.add_dates(events(1100, rate, noise, monday));
  const auto series = found_in(columns);
  REQUIRE(series.size() == 1);
  CHECK(series[0].period == Period::week);
  CHECK(series[0].seasons.size() == 2);
  CHECK(series[0].trend->p < 1e-6);
  CHECK(series[0].trend->end / series[0].trend->start == Approx(2).margin(0.25));
}

TEST_CASE("a hole in a sensor's hours is found, and no night is one") {
  std::vector<std::int64_t> moments;
  for (int hour = 0; hour < 24 * 40; ++hour)
    if (hour % 24 < 18 && (hour < 300 || hour > 360)) moments.push_back(day(2024, 5, 1) + hour * hour_us);
  Columns columns;
  columns.add_dates(moments);
  columns.add_numbers(std::vector<double>(moments.size(), 1));
  const auto series = found_in(columns);
  REQUIRE(series.size() == 1);
  REQUIRE(series[0].pause);
  CHECK(series[0].pause->period == Period::hour);
  CHECK(series[0].pause->last_us == day(2024, 5, 1) + 299 * hour_us);
  CHECK(series[0].pause->next_us == day(2024, 5, 1) + 361 * hour_us);
  CHECK(series[0].pause->periods == 61);
  moments.erase(std::ranges::find(moments, day(2024, 5, 1) + 361 * hour_us), moments.end());
  Columns quiet;
  quiet.add_dates(moments);
  quiet.add_numbers(std::vector<double>(moments.size(), 1));
  CHECK_FALSE(found_in(quiet).at(0).pause);
}

TEST_CASE("office hours have no hole, although weekends are long") {
  std::vector<std::int64_t> moments;
  for (int hour = 0; hour < 24 * 70; ++hour)
    if (hour % 24 >= 9 && hour % 24 < 18 && hour / 24 % 7 < 5) moments.push_back(day(2024, 1, 1) + hour * hour_us);
  Columns columns;
  columns.add_dates(moments);
  columns.add_numbers(std::vector<double>(moments.size(), 1));
  CHECK_FALSE(found_in(columns).at(0).pause);
}

TEST_CASE("one row a day, one a weekday, or the same countries each month say nothing by their count") {
  std::vector<std::int64_t> weekdays;
  for (int i = 0; i < 300; ++i)
    if (i % 7 < 5 && i % 61 != 0) weekdays.push_back(day(2024, 1, 1) + i * day_us);
  std::vector<std::int64_t> months;
  std::vector<double> numbers;
  for (int i = 0; i < 60; ++i)
    for (int country = 0; country < 30; ++country) {
      months.push_back(day(2015 + i / 12, static_cast<unsigned>(i % 12 + 1), 1));
      numbers.push_back(country * 100 + i);
    }
  Columns on_weekdays;
  on_weekdays.add_dates(weekdays);
  CHECK(found_in(on_weekdays).empty());
  Columns in_months;
  in_months.add_dates(months);
  in_months.add_numbers(numbers);
  const auto series = found_in(in_months);
  REQUIRE(series.size() == 1);
  CHECK(series[0].value == 1u);
  CHECK(series[0].period == Period::month);
  REQUIRE(series[0].steps.size() == 60);
  CHECK(series[0].steps[0].value == 1450);
  CHECK(series[0].steps[59].value == 1509);
  CHECK(series[0].steps[59].rows == 30);
  CHECK(series[0].trend->per_year == Approx(12).margin(0.02));
}

TEST_CASE("a reading every seven minutes is a schedule, though hours hold eight or nine") {
  std::vector<std::int64_t> moments;
  for (int i = 0; i < 3000; ++i) moments.push_back(day(2024, 5, 1) + i * 420 * second_us);
  Columns columns;
  columns.add_dates(moments);
  CHECK(found_in(columns).empty());
}

TEST_CASE("periods without rows count zero for counts, and are no steps of a mean") {
  Noise noise(10);
  std::vector<std::int64_t> moments = events(
      300, [](int i) { return i >= 100 && i < 150 ? 0.0 : 2.5; }, noise);
  Columns columns;
  columns.add_dates(moments);
  columns.add_numbers(std::vector<double>(moments.size(), 1));
  columns.values[1].numbers[0] = 2;
  const auto series = found_in(columns);
  REQUIRE(series.size() == 2);
  REQUIRE(series[0].period == Period::day);
  CHECK(series[0].steps.size() == 300);
  CHECK(series[0].steps[120].value == 0);
  CHECK(series[0].empty_periods >= 50);
  CHECK(series[1].steps.size() == 300 - series[1].empty_periods);
}

TEST_CASE("one row, and rows of one date, are no series") {
  Columns one;
  one.add_dates({day(2024, 1, 1)});
  one.add_numbers({5});
  CHECK(found_in(one).empty());
  Columns same;
  same.add_dates(std::vector<std::int64_t>(100, day(2024, 1, 1)));
  same.add_numbers(std::vector<double>(100, 5));
  CHECK(found_in(same).empty());
  CHECK(find_series({}, {}).empty());
}

TEST_CASE("missing dates and missing numbers are left out") {
  Columns columns = daily(40, [](int i) { return i * 1.0; });
  columns.values[0].moments_us[3] = missing_moment;
  columns.values[1].numbers[5] = std::numeric_limits<double>::quiet_NaN();
  const auto series = found_in(columns);
  REQUIRE(series.size() == 1);
  CHECK(series[0].steps.size() == 38);
  CHECK(series[0].steps[3].value == 4);
  CHECK(series[0].steps[4].value == 6);
  CHECK(series[0].trend->end == Approx(39));
}

TEST_CASE("dates over four hundred years are shown by the year, over forty by the quarter") {
  std::vector<std::int64_t> moments;
  std::vector<double> numbers;
  for (int i = 0; i < 4000; ++i) {
    moments.push_back(day(1600, 1, 1) + std::int64_t{i} * 37 * day_us);
    numbers.push_back(i);
  }
  Columns centuries;
  centuries.add_dates(moments);
  centuries.add_numbers(numbers);
  CHECK(found_in(centuries).at(0).period == Period::year);
  moments.resize(400);
  numbers.resize(400);
  Columns decades;
  decades.add_dates(moments);
  decades.add_numbers(numbers);
  CHECK(found_in(decades).at(0).period == Period::quarter);
}

TEST_CASE("dates before 1970 and at microseconds fall into their periods") {
  std::vector<std::int64_t> moments;
  std::vector<double> numbers;
  for (int i = 0; i < 48; ++i) {
    moments.push_back(day(1969, 12, 31) + i * hour_us - 1);
    numbers.push_back(i);
  }
  Columns columns;
  columns.add_dates(moments);
  columns.add_numbers(numbers);
  const auto series = found_in(columns);
  REQUIRE(series.size() == 1);
  CHECK(series[0].period == Period::hour);
  REQUIRE(series[0].steps.size() == 48);
  CHECK(series[0].steps[0].start_us == day(1969, 12, 30) + 23 * hour_us);
  CHECK(series[0].steps[24].start_us == day(1969, 12, 31) + 23 * hour_us);
}

TEST_CASE("a slip of the pen does not stretch the axis") {
  Columns columns = daily(300, [](int i) { return i * 1.0; });
  columns.values[0].moments_us[7] = day(202, 1, 8);
  const auto series = found_in(columns);
  REQUIRE(series.size() == 1);
  CHECK(series[0].period == Period::day);
  CHECK(series[0].steps.size() == 299);
  CHECK(series[0].rows_left_out == 1);
}

TEST_CASE("numbers at the ends of the double range have finite trends or none") {
  for (const double unit : {1e300, 1e-300, 5e-324}) {
    const auto series = found_in(daily(100, [&](int i) { return unit * (i + i % 3); }));
    REQUIRE(series.size() == 1);
    CHECK(series[0].steps[50].value == unit * 52);
    REQUIRE(series[0].trend);
    CHECK(series[0].trend->r_squared > 0.99);
    CHECK(series[0].trend->per_year == Approx(365.2425 * unit).epsilon(0.01));
  }
}

TEST_CASE("a constant has no trend, and neither has what is constant but for rounding") {
  CHECK_FALSE(found_in(daily(400, [](int) { return 0.1; })).at(0).trend);
}

TEST_CASE("of many numbers those that depend most on time are shown, in the order of the columns") {
  Noise noise(11);
  constexpr int days = 390;
  Columns columns = daily(days, [](int i) { return i * 1.0; });
  for (int c = 0; c < 40; ++c) {
    std::vector<double> numbers;
    for (int i = 0; i < days; ++i) numbers.push_back(noise.normal() + (c == 37 ? i * 0.05 : 0));
    columns.add_numbers(numbers);
  }
  const auto series = found_in(columns);
  REQUIRE(series.size() == series_numbers_max);
  CHECK(series[0].value == 1u);
  CHECK(std::ranges::is_sorted(series, {}, &TimeSeries::value));
  CHECK(std::ranges::count(series, std::optional<std::size_t>(39), &TimeSeries::value) == 1);
}

TEST_CASE("more numbers are shown where each has few steps") {
  Columns columns = daily(100, [](int i) { return i * 1.0; });
  for (int c = 0; c < 40; ++c) columns.add_numbers(columns.values[1].numbers);
  CHECK(found_in(columns).size() == series_short_max);
}

TEST_CASE("the two dates with most values are used, and none that is mostly missing") {
  Columns columns;
  std::vector<std::int64_t> rare(60, missing_moment);
  for (int i = 0; i < 20; ++i) rare[static_cast<std::size_t>(i)] = day(2020, 1, 1) + i * day_us;
  std::vector<std::int64_t> weeks;
  std::vector<std::int64_t> days;
  std::vector<double> numbers;
  for (int i = 0; i < 60; ++i) {
    weeks.push_back(day(2020, 1, 6) + i / 7 * 7 * day_us);
    days.push_back(day(2020, 1, 6) + i * day_us);
    numbers.push_back(i);
  }
  columns.add_dates(rare);
  columns.add_dates(weeks);
  columns.add_dates(days);
  columns.add_dates(days);
  columns.add_numbers(numbers);
  const auto series = found_in(columns);
  REQUIRE(series.size() == 2);
  CHECK(series[0].date == 2);
  CHECK(series[1].date == 3);
}

TEST_CASE("counts of an even sample of the rows are scaled up to all rows") {
  Noise noise(12);
  Columns columns;
  columns.add_dates(events(
      200, [](int) { return 5.0; }, noise));
  const std::size_t kept = columns.columns[0].count;
  columns.columns[0].count = kept * 4;
  const auto series = found_in(columns);
  REQUIRE(series.size() == 1);
  CHECK(series[0].steps[10].value == 4.0 * static_cast<double>(series[0].steps[10].rows));
  CHECK(series[0].trend->start == Approx(20).margin(2));
}

TEST_CASE("the summers of Seattle are warm") {
  std::vector<std::int64_t> moments;
  std::vector<double> warmth;
  std::istringstream lines(sample_data("seattle-weather.csv"));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    int year = 0;
    unsigned month = 0;
    unsigned day_of_month = 0;
    double temp_max = 0;
    REQUIRE(std::sscanf(line.c_str(), "%d-%u-%u,%*f,%lf", &year, &month, &day_of_month, &temp_max) == 4);
    moments.push_back(day(year, month, day_of_month));
    warmth.push_back(temp_max);
  }
  Columns columns;
  columns.add_dates(moments);
  columns.add_numbers(warmth);
  const auto series = found_in(columns);
  REQUIRE(series.size() == 1);
  CHECK(series[0].period == Period::week);
  CHECK(series[0].steps.size() == 210);
  REQUIRE(series[0].seasons.size() == 1);
  const Season& season = series[0].seasons[0];
  CHECK(season.cycle == Cycle::month_of_year);
  CHECK(season.share > 0.95);
  CHECK(season.high == 7);
  CHECK(season.low == 11);
  // A plain average of all August days is 26.1, of all December days 8.2.
  CHECK(*season.means[7] == Approx(26).margin(0.2));
  CHECK(*season.means[11] == Approx(8).margin(0.3));
}
