// Each kind of finding about two columns: one table in which it is told, and its near miss.
#include <catch2/catch.hpp>

#include "tests/unit/analysis/sheet.hpp"

using namespace circuit::analysis;
using Numbers = std::vector<double>;
using Texts = std::vector<std::string>;

namespace {

constexpr int rows = 200;

template <typename Value>
Numbers numbers(Value value, int n = rows) {
  Numbers result;
  for (int i = 0; i < n; ++i) result.push_back(value(i));
  return result;
}

template <typename Text>
Texts texts(Text text, int n = rows) {
  Texts result;
  for (int i = 0; i < n; ++i) result.push_back(text(i));
  return result;
}

Numbers normals(std::uint64_t seed, int n = rows) {
  Noise noise(seed);
  return numbers([&](int) { return noise.normal(); }, n);
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a straight relation says how much higher one is when the other is a step higher") {
  const Numbers x = normals(1);
  const Numbers e = normals(2);
  Sheet sheet;
  sheet.number("height", numbers([&](int i) { return 170 + 10 * x[std::size_t(i)]; }), "cm");
  sheet.number("weight", numbers([&](int i) { return 70 + 8 * x[std::size_t(i)] + 4 * e[std::size_t(i)]; }), "kg");
  const Analysis analysis = sheet.analyzed();
  const auto told = of_kind(analysis.insights, "straight_relation");
  REQUIRE(told.size() == 1);
  CHECK(holds(told[0].text, "Where “height” is 10 cm higher, “weight” is on average 8"));
  CHECK(holds(told[0].text, "kg higher (correlation 0.9"));
  CHECK(told[0].evidence == Evidence::relation);
  CHECK(told[0].evidence_index == 0);
  CHECK(told[0].columns == std::vector<std::size_t>{0, 1});
  CHECK(told[0].caveat.empty());
}

TEST_CASE("two columns of noise are no relation") {
  Sheet sheet;
  sheet.number("a", normals(3)).number("b", normals(4));
  CHECK(sheet.analyzed().insights.empty());
}

TEST_CASE("a relation that falls is told as lower, and one of few rows with a caveat") {
  Sheet sheet;
  sheet.number("price", numbers([](int i) { return i + (i * 7) % 5; }, 20));
  sheet.number("sales", numbers([](int i) { return 90 - 2 * i + (i * 3) % 4; }, 20));
  const auto told = of_kind(sheet.analyzed().insights, "straight_relation");
  REQUIRE(told.size() == 1);
  CHECK(holds(told[0].text, "lower (correlation -0.9"));
  CHECK(holds(told[0].caveat, "Only 20 rows"));
}

TEST_CASE("a curve is told by the quarters, not by a slope") {
  const Numbers x = normals(5);
  Sheet sheet;
  sheet.number("dose", x).number("cells", numbers([&](int i) { return std::exp(4 * x[std::size_t(i)]); }));
  const auto told = of_kind(sheet.analyzed().insights, "curved_relation");
  REQUIRE(told.size() == 1);
  CHECK(holds(told[0].text, "The higher “dose”, the higher “cells”, but not along a straight line"));
  CHECK(holds(told[0].text, "rank correlation 1.00"));
}

TEST_CASE("ranks of which most are ties are no curve") {
  Noise noise(6);
  const auto rare = [&](double other) {
    return noise.uniform() < 0.05 || other > 0 ? std::exp(3 * noise.normal()) : 0;
  };
  const Numbers x = numbers([&](int) { return noise.uniform() < 0.05 ? std::exp(3 * noise.normal()) : 0; });
  Sheet sheet;
  sheet.number("fee", x).number("fine", numbers([&](int i) { return rare(x[std::size_t(i)]); }));
  CHECK(of_kind(sheet.analyzed().insights, "curved_relation").empty());
}

TEST_CASE("a correlation that a single row makes is doubted") {
  Numbers x = normals(7);
  Numbers y = normals(8);
  x[0] = y[0] = 1000;
  Sheet sheet;
  sheet.number("x", x).number("y", y);
  const auto told = sheet.analyzed().insights;
  CHECK(of_kind(told, "straight_relation").empty());
  CHECK(of_kind(sheet.analyzed().quality, "redundant").empty() == false);
  x[0] = y[0] = 12;
  Sheet milder;
  Noise noise(9);
  for (std::size_t i = 1; i < x.size(); ++i) y[i] += 0.2 * x[i];
  milder.number("x", x).number("y", y);
  const auto doubted = of_kind(milder.analyzed().insights, "straight_relation");
  REQUIRE(doubted.size() == 1);
  CHECK(holds(doubted[0].caveat, "A few extreme values carry this"));
}

TEST_CASE("names that share a word make a relation less of a finding") {
  const Numbers x = normals(10);
  const Numbers e = normals(11);
  const Numbers y = numbers([&](int i) { return x[std::size_t(i)] + 0.5 * e[std::size_t(i)]; });
  Sheet far;
  far.number("rain", x).number("umbrellas", y);
  Sheet near;
  near.number("temp_min", x).number("temp_max", y);
  const double surprising = far.analyzed().insights.at(0).score;
  CHECK(near.analyzed().insights.at(0).score == Approx(0.4 / 0.9 * 0.9 * surprising).margin(0.1));
}

TEST_CASE("numbers with the name of an identifier measure nothing") {
  const Numbers x = normals(12);
  Sheet sheet;
  sheet.number("customer_id", numbers([&](int i) { return std::round(1000 * x[std::size_t(i)]); })).number("size", x);
  CHECK(sheet.analyzed().insights.empty());
}

TEST_CASE("copies are redundant and no insight, and nearly equal columns are an insight and not redundant") {
  const Numbers x = normals(13);
  Sheet copies;
  copies.number("meters", x).number("feet", numbers([&](int i) { return 3.28084 * x[std::size_t(i)]; }));
  CHECK(copies.analyzed().insights.empty());
  const auto redundant = of_kind(copies.analyzed().quality, "redundant");
  REQUIRE(redundant.size() == 1);
  CHECK(holds(redundant[0].text, "“meters” and “feet” say the same"));
  const Numbers e = normals(14);
  Sheet near;
  near.number("meters", x).number("feet", numbers([&](int i) { return x[std::size_t(i)] + 0.05 * e[std::size_t(i)]; }));
  CHECK(near.analyzed().insights.size() == 1);
  CHECK(of_kind(near.analyzed().quality, "redundant").empty());
}

TEST_CASE("four numbers that go together are one finding, three are told in pairs") {
  const auto moving = [](std::size_t columns) {
    const Numbers common = normals(15);
    Sheet sheet;
    for (std::size_t c = 0; c < columns; ++c) {
      const Numbers own = normals(20 + c);
      sheet.number(std::string(3, static_cast<char>('a' + c)),
                   numbers([&](int i) { return common[std::size_t(i)] + 0.15 * own[std::size_t(i)]; }));
    }
    return sheet.analyzed().insights;
  };
  const auto four = moving(4);
  REQUIRE(of_kind(four, "common_movement").size() == 1);
  CHECK(holds(of_kind(four, "common_movement")[0].text,
              "4 columns rise and fall together: “aaa”, “bbb”, “ccc” and “ddd”"));
  CHECK(of_kind(four, "straight_relation").empty());
  CHECK(of_kind(moving(3), "common_movement").empty());
  CHECK_FALSE(of_kind(moving(3), "straight_relation").empty());
}

TEST_CASE("a number that differs by group is told with its highest and its lowest group") {
  const Numbers e = normals(30);
  const char* colors[] = {"red", "green", "blue"};
  Sheet sheet;
  sheet.category("color", texts([&](int i) { return colors[i % 3]; }));
  sheet.number("speed", numbers([&](int i) { return 50 + 10 * (i % 3) + 6 * e[std::size_t(i)]; }), "km");
  const auto told = of_kind(sheet.analyzed().insights, "group_difference");
  REQUIRE(told.size() == 1);
  CHECK(holds(told[0].text, "“speed” depends on “color”: on average it is "));
  CHECK(holds(told[0].text, " km for “blue” (66 rows), but "));
  CHECK(holds(told[0].text, " km for “red” (67 rows)"));
  Sheet same;
  same.category("color", texts([&](int i) { return colors[i % 3]; })).number("speed", e);
  CHECK(same.analyzed().insights.empty());
}

TEST_CASE("many groups of two rows differ by chance, which is no finding") {
  Sheet sheet;
  sheet.category("shop", texts([](int i) { return "shop " + std::to_string(i % 50); })).number("sales", normals(31));
  CHECK(sheet.analyzed().insights.empty());
}

TEST_CASE("what many small groups explain by chance does not count towards the score") {
  Noise noise(36);
  std::vector<double> sales;
  for (int i = 0; i < rows; ++i) sales.push_back(i % 40 % 5 + 3 * noise.normal());
  Sheet sheet;
  sheet.category("shop", texts([](int i) { return "shop " + std::to_string(i % 40); })).number("sales", sales);
  const Analysis analysis = sheet.analyzed();
  const auto told = of_kind(analysis.insights, "group_difference");
  REQUIRE(told.size() == 1);
  CHECK(told[0].score < 80 * std::sqrt(analysis.relations.pairs.at(0).difference->eta_squared));
}

TEST_CASE("a group of few rows that holds most of a sum is told by its share") {
  Noise noise(32);
  Sheet sheet;
  sheet.category("damage", texts([](int i) { return i % 20 == 0 ? "heavy" : i % 2 == 0 ? "none" : "light"; }, 1000));
  sheet.number("cost", numbers([&](int i) { return (i % 20 == 0 ? 5000 : 50) * std::exp(noise.normal()); }, 1000), "$");
  const auto told = of_kind(sheet.analyzed().insights, "group_share");
  REQUIRE(told.size() == 1);
  CHECK(holds(told[0].text, "5.0% of the rows hold 8"));
  CHECK(holds(told[0].text, "of all “cost”: those where “damage” is “heavy” (50 rows, $"));
  CHECK(of_kind(sheet.analyzed().insights, "group_difference").empty());
}

TEST_CASE("what a category settles is said as such, and other categories count less") {
  const Numbers e = normals(33);
  const auto product = [](int i) { return i * i * 7 % 10; };
  Sheet sheet;
  sheet.category("product", texts([&](int i) { return "p" + std::to_string(product(i)); }));
  sheet.number("price", numbers([&](int i) { return 10 * product(i) * product(i); }));
  const auto told = sheet.analyzed().insights;
  CHECK(of_kind(told, "group_difference").empty());
  REQUIRE(of_kind(told, "hierarchy").size() == 1);
  CHECK(holds(of_kind(told, "hierarchy")[0].text, "Each “product” has its own “price”"));
  CHECK(of_kind(told, "hierarchy")[0].score == 30);
}

TEST_CASE("two categories that hang together are told by the cell that stands out") {
  Noise noise(34);
  Texts phase;
  Texts time;
  for (int i = 0; i < 1000; ++i) {
    const bool is_night = noise.uniform() < 0.3;
    time.push_back(is_night ? "night" : "day");
    phase.push_back(noise.uniform() < (is_night ? 0.7 : 0.2) ? "approach"
                    : noise.uniform() < 0.5                  ? "climb"
                                                             : "landing");
  }
  Sheet sheet;
  sheet.category("phase", phase).category("time", time);
  const auto told = of_kind(sheet.analyzed().insights, "association");
  REQUIRE(told.size() == 1);
  CHECK(holds(told[0].text, "“phase” and “time” hang together: where “time” is “night”, “phase” is “approach” in "));
  CHECK(holds(told[0].text, ", but in 3"));
  Sheet apart;
  apart.category("phase", phase).category("coin", texts([&](int) { return noise.uniform() < 0.5 ? "a" : "b"; }, 1000));
  CHECK(apart.analyzed().insights.empty());
}

TEST_CASE("the share of all rows counts those whose values are too rare for the table, too") {
  Noise noise(35);
  Texts maker;
  Texts model;
  for (int i = 0; i < 4000; ++i) {
    const int m = static_cast<int>(20 * noise.uniform());
    maker.push_back("m" + std::to_string(m));
    model.push_back(noise.uniform() < 0.8 ? "x" + std::to_string(m)
                                          : "x" + std::to_string(20 * noise.uniform()).substr(0, 1));
  }
  Sheet sheet;
  sheet.category("maker", maker).category("model", model);
  const auto told = of_kind(sheet.analyzed().insights, "association");
  REQUIRE(told.size() == 1);
  // One of twenty models: about 5% of all 4,000 rows, but 12% of those in a table of eight by eight.
  const auto at = told[0].text.find("but in ");
  REQUIRE(at != std::string::npos);
  CHECK(std::stod(told[0].text.substr(at + 7)) < 10);
}

TEST_CASE("cities in states are a hierarchy, and one state for each city is the same column twice") {
  const auto city = [](int i) { return "city " + std::to_string(i * 7 % 12); };
  Sheet sheet;
  sheet.category("city", texts(city)).category("state", texts([](int i) {
                                                 return "state " + std::to_string(i * 7 % 12 / 3);
                                               }));
  const auto told = sheet.analyzed().insights;
  REQUIRE(told.size() == 1);
  CHECK(told[0].text == "Each “city” belongs to one “state” only (12 and 4 different values).");
  Sheet twins;
  twins.category("city", texts(city)).category("code", texts([](int i) { return "c" + std::to_string(i * 7 % 12); }));
  CHECK(twins.analyzed().insights.empty());
  CHECK(of_kind(twins.analyzed().quality, "redundant").size() == 1);
}
