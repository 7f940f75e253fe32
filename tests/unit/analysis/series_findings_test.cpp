#include <catch2/catch.hpp>
#include <numbers>

#include "tests/unit/analysis/sheet.hpp"

using namespace circuit::analysis;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::vector<std::int64_t> days(int n, std::int64_t from_us = day(2020, 1, 1)) {
  std::vector<std::int64_t> moments;
  for (int i = 0; i < n; ++i) moments.push_back(from_us + i * day_us);
  return moments;
}

std::vector<std::int64_t> months(int n) {
  std::vector<std::int64_t> moments;
  for (int i = 0; i < n; ++i) moments.push_back(day(2010 + i / 12, static_cast<unsigned>(i % 12 + 1), 1));
  return moments;
}

template <typename Value>
std::vector<double> numbers(int n, Value value) {
  std::vector<double> result;
  for (int i = 0; i < n; ++i) result.push_back(value(i));
  return result;
}

}  // namespace

TEST_CASE("a trend is told from where to where, by how much a year, and as a share") {
  Noise noise(1);
  Sheet sheet;
  sheet.date("month", months(60)).number("staff", numbers(60, [&](int i) { return 200 + i + noise.normal(); }));
  const auto told = of_kind(sheet.analyzed().insights, "trend");
  REQUIRE(told.size() == 1);
  CHECK(holds(told[0].text, "“staff” rises: from about 2"));
  CHECK(holds(told[0].text, " in January 2010 to about 2"));
  CHECK(holds(told[0].text, " in December 2014 (+30%), which is 12"));
  CHECK(holds(told[0].text, " a year."));
  CHECK(told[0].evidence == Evidence::series);
  CHECK(told[0].columns == std::vector<std::size_t>{0, 1});
}

TEST_CASE("noise over time, and a steady rise of next to nothing, are not told") {
  Noise noise(2);
  Sheet level;
  level.date("month", months(60)).number("staff", numbers(60, [&](int) { return 200 + noise.normal(); }));
  CHECK(level.analyzed().insights.empty());
  Sheet slight;
  slight.date("month", months(60)).number("staff", numbers(60, [](int i) { return 200 + 0.02 * i; }));
  CHECK(of_kind(slight.analyzed().insights, "trend").empty());
}

TEST_CASE("a fall and recovery are told as a swing, a steady way is not") {
  Noise noise(3);
  Sheet sheet;
  const auto crisis = [&](int i) {
    return (i < 40 ? 1000 + i : i < 70 ? 1040 - 10 * (i - 40) : 740 + 3 * (i - 70)) + noise.normal();
  };
  sheet.date("month", months(120)).number("jobs", numbers(120, crisis));
  const auto told = of_kind(sheet.analyzed().insights, "swing_down");
  REQUIRE(told.size() == 1);
  CHECK(holds(told[0].text, "“jobs” fell from 1,04"));
  CHECK(holds(told[0].text, " (-29%) and ended at 88"));
  Sheet steady;
  steady.date("month", months(120)).number("jobs", numbers(120, [&](int i) { return 1000 + 5 * i + noise.normal(); }));
  CHECK(of_kind(steady.analyzed().insights, "swing_up").empty());
  CHECK(of_kind(steady.analyzed().insights, "swing_down").empty());
}

TEST_CASE("a season is told by its best and its worst month") {
  Noise noise(4);
  const auto warmth = [&](int i) {
    return 12 - 9 * std::cos(2 * std::numbers::pi * (i - 15) / 365.25) + noise.normal();
  };
  Sheet sheet;
  sheet.date("day", days(1096)).number("warmth", numbers(1096, warmth));
  const auto told = of_kind(sheet.analyzed().insights, "season");
  REQUIRE(told.size() == 1);
  CHECK(holds(told[0].text, "“warmth” is highest in July (20."));
  CHECK(holds(told[0].text, "on average) and lowest in January (3."));
}

TEST_CASE("more and more events are a trend of their count, and an event a day is none") {
  Noise noise(5);
  std::vector<std::int64_t> moments;
  for (int i = 0; i < 700; ++i)
    for (int k = 0; k < 20; ++k)
      if (noise.uniform() < 0.1 + 0.3 * i / 700) moments.push_back(day(2020, 1, 1) + i * day_us);
  Sheet sheet;
  sheet.date("sold", moments);
  const auto told = of_kind(sheet.analyzed().insights, "count_trend");
  REQUIRE(told.size() == 1);
  CHECK(holds(told[0].text, "The number of rows per week (by “sold”) rises: from about 1"));
  CHECK(holds(told[0].text, " times as much), which is "));
  CHECK(told[0].columns == std::vector<std::size_t>{0});
  Sheet daily;
  daily.date("sold", days(700));
  CHECK(daily.analyzed().insights.empty());
}

TEST_CASE("quiet weekends are a season of the count") {
  Noise noise(6);
  std::vector<std::int64_t> moments;
  for (int i = 0; i < 140; ++i)
    for (int k = 0; k < 20; ++k)
      if (noise.uniform() < (i % 7 >= 5 ? 0.1 : 0.5)) moments.push_back(day(2024, 1, 1) + i * day_us);
  Sheet sheet;
  sheet.date("call", moments);
  const auto told = of_kind(sheet.analyzed().insights, "count_season");
  REQUIRE(told.size() == 1);
  CHECK(holds(told[0].text, "By “call”, rows are most frequent on "));
  CHECK(holds(told[0].text, " per day) and rarest on S"));
}

TEST_CASE("a hole in the dates is told, a closed weekend is not") {
  auto moments = days(200);
  moments.erase(moments.begin() + 80, moments.begin() + 95);
  Sheet sheet;
  sheet.date("day", moments).number("one", std::vector<double>(moments.size(), 1));
  const auto told = of_kind(sheet.analyzed().insights, "gap");
  REQUIRE(told.size() == 1);
  CHECK(holds(told[0].text, "between 2020-03-20 and 2020-04-05 there are no rows for 15 days"));
  std::vector<std::int64_t> weekdays;
  for (const std::int64_t moment : days(200, day(2024, 1, 1)))
    if (((moment - day(2024, 1, 1)) / day_us) % 7 < 5) weekdays.push_back(moment);
  Sheet office;
  office.date("day", weekdays).number("one", std::vector<double>(weekdays.size(), 1));
  CHECK(of_kind(office.analyzed().insights, "gap").empty());
}

TEST_CASE("of two numbers that go the same way in time, one is told and the other named") {
  Noise noise(7);
  const auto warmth =
      numbers(1096, [&](int i) { return 12 - 9 * std::cos(2 * std::numbers::pi * i / 365.25) + noise.normal(); });
  Sheet sheet;
  sheet.date("day", days(1096)).number("high", warmth).number("low", numbers(1096, [&](int i) {
                                                                return warmth[std::size_t(i)] - 6 + noise.normal();
                                                              }));
  const auto told = of_kind(sheet.analyzed().insights, "season");
  REQUIRE(told.size() == 1);
  CHECK(told[0].text.ends_with(" shows much the same."));
  CHECK(told[0].columns.size() == 3);
}
