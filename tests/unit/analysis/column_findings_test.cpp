// Findings about one column, missing values with a pattern, and which of all findings are told.
#include <catch2/catch.hpp>

#include "tests/unit/analysis/sheet.hpp"
#include "workers/fulfillment/analysis/findings/score.hpp"
#include "workers/fulfillment/analysis/findings/selection.hpp"

using namespace circuit::analysis;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

template <typename Value>
std::vector<double> numbers(int n, Value value) {
  std::vector<double> result;
  for (int i = 0; i < n; ++i) result.push_back(value(i));
  return result;
}

std::vector<Finding> insights_of(std::vector<double> values, std::string unit = "") {
  Sheet sheet;
  sheet.number("value", std::move(values), std::move(unit));
  return sheet.analyzed().insights;
}

const double none = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("normal numbers have nothing to tell by themselves") {
  Noise noise(1);
  CHECK(insights_of(numbers(500, [&](int) { return 100 + 15 * noise.normal(); })).empty());
}

TEST_CASE("a sum that a tenth of the rows holds is told, one that is spread evenly is not") {
  Noise noise(2);
  const auto told = insights_of(numbers(1000, [&](int) { return std::exp(2 * noise.normal()); }), "$");
  REQUIRE(of_kind(told, "concentration").size() == 1);
  CHECK(holds(told[0].text, "The largest tenth of the values of “value” holds 7"));
  CHECK(holds(told[0].text, "of its sum ($"));
  CHECK(insights_of(numbers(1000, [&](int) { return 5 + noise.uniform(); })).empty());
}

TEST_CASE("a sum that comes from the few rows that are not 0 names them") {
  const auto told = insights_of(numbers(1000, [](int i) { return i % 50 == 0 ? 300 + i : 0; }));
  REQUIRE(told.size() == 1);
  CHECK(told[0].text == "“value” is 0 in 98.0% of its rows: the whole sum of 15,500 comes from the other 20 rows.");
}

TEST_CASE("mostly zero is told where the rest has no sum worth telling") {
  const auto told = insights_of(numbers(400, [](int i) { return i % 4 != 0 ? 0 : i % 8 == 0 ? 5 : -5; }));
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == "mostly_zero");
  CHECK(told[0].text == "“value” is 0 in 75.0% of its rows.");
  CHECK(insights_of(numbers(400, [](int i) { return i % 4 == 0 ? 0 : i % 8 < 4 ? 5 : -5; })).empty());
}

TEST_CASE("a few values far from the rest are told with the farthest, and a usual tail is not") {
  Noise noise(3);
  std::vector<double> values = numbers(1000, [&](int) { return 50 + 5 * noise.normal(); });
  CHECK(insights_of(values).empty());
  values[10] = 700;
  values[20] = 500;
  const auto told = insights_of(values, "kg");
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == "outliers");
  CHECK(holds(told[0].text, "2 values of “value” lie far above the rest, the farthest at 700 kg; the median is 4"));
}

TEST_CASE("a mean far from the median is told, where no few values stand apart") {
  Noise noise(4);
  const auto told = insights_of(numbers(1000, [&](int) { return std::exp(0.8 * noise.normal()); }));
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == "skew");
  CHECK(holds(told[0].text, "is far above its median"));
}

TEST_CASE("a value that nine of ten rows have is told, one of six in ten is not") {
  const auto told = [](int others) {
    std::vector<std::string> texts;
    for (int i = 0; i < 100; ++i) texts.push_back(i < others ? "yes" : "no");
    Sheet sheet;
    sheet.category("returned", texts);
    return sheet.analyzed().insights;
  };
  REQUIRE(told(10).size() == 1);
  CHECK(told(10)[0].text == "“returned” is “no” in 90.0% of its rows; only 10 have another value.");
  CHECK(told(40).empty());
}

TEST_CASE("missing values that depend on a category are told, those that fall anywhere are not") {
  Noise noise(5);
  std::vector<std::string> work;
  std::vector<double> by_work;
  std::vector<double> by_chance;
  for (int i = 0; i < 400; ++i) {
    const bool is_retired = noise.uniform() < 0.25;
    work.push_back(is_retired ? "retired" : noise.uniform() < 0.5 ? "employed" : "student");
    by_work.push_back(is_retired && noise.uniform() < 0.8 ? none : noise.normal());
    by_chance.push_back(noise.uniform() < 0.2 ? none : noise.normal());
  }
  Sheet sheet;
  sheet.category("work", work).number("hours", by_work).number("score", by_chance);
  const Analysis analysis = sheet.analyzed();
  const auto told = of_kind(analysis.insights, "missing_pattern");
  REQUIRE(told.size() == 1);
  CHECK(holds(told[0].text, "“hours” is not missing by chance: it is missing in "));
  CHECK(holds(told[0].text, "% of the rows where “work” is “retired” ("));
  CHECK(holds(told[0].text, "but in 0% where that is “"));
  REQUIRE(analysis.missing_patterns.size() == 1);
  const MissingPattern& pattern = analysis.missing_patterns[0];
  CHECK(pattern.column == 1);
  CHECK(pattern.category == 0);
  CHECK(pattern.cramers_v == Approx(0.91).margin(0.05));
}

TEST_CASE("the chi-squared test of missing values agrees with R") {
  // R: chisq.test(matrix(c(30, 70, 5, 95), 2), correct = FALSE): X-squared = 21.645, p-value = 3.281e-06
  std::vector<std::string> group;
  std::vector<double> values;
  for (int i = 0; i < 200; ++i) {
    group.push_back(i < 100 ? "a" : "b");
    values.push_back((i < 30 || i >= 195) ? none : 1.0 * i);
  }
  Sheet sheet;
  sheet.category("group", group).number("value", values);
  const auto patterns = sheet.analyzed().missing_patterns;
  REQUIRE(patterns.size() == 1);
  CHECK(patterns[0].p == Approx(3.281e-06).epsilon(1e-3));
  CHECK(patterns[0].cramers_v == Approx(std::sqrt(21.645 / 200 - 1.0 / 199)).epsilon(1e-4));
  CHECK(patterns[0].high_missing == 30);
  CHECK(patterns[0].low_missing == 5);
}

TEST_CASE("a finding about numbers of which some stand for unknown is halved and says so") {
  Noise noise(6);
  std::vector<double> temperature;
  std::vector<double> power;
  for (int i = 0; i < 500; ++i) {
    temperature.push_back(20 + 3 * noise.normal());
    power.push_back(100 - 4 * temperature.back() + 2 * noise.normal());
  }
  const auto told = [&] {
    Sheet sheet;
    sheet.number("temperature", temperature).number("power", power);
    return sheet.analyzed();
  };
  const double trusted = told().insights.at(0).score;
  temperature[7] = temperature[9] = -999;
  const Analysis analysis = told();
  REQUIRE_FALSE(analysis.insights.empty());
  CHECK(analysis.insights[0].score < 0.6 * trusted);
  CHECK(holds(analysis.insights[0].caveat, "“temperature” holds -999"));
  CHECK(of_kind(analysis.quality, "placeholder").size() == 1);
}

// ---- selection ----

namespace {

Finding finding(std::string kind, double points, std::vector<std::size_t> columns) {
  return {.kind = std::move(kind), .text = "Told.", .score = points, .columns = std::move(columns)};
}

Analysis of_columns(std::size_t count) {
  Analysis analysis;
  for (std::size_t i = 0; i < count; ++i)
    analysis.columns.emplace_back().name = std::string(1, static_cast<char>('a' + i));
  return analysis;
}

}  // namespace

TEST_CASE("the highest scores are told, at most three of a kind and three about a column") {
  const Analysis analysis = of_columns(20);
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < 6; ++i) findings.push_back(finding("same", 50 + static_cast<double>(i), {i}));
  auto told = select_findings(findings, analysis, 10);
  REQUIRE(told.size() == 3);
  CHECK(told[0].score == 55);
  CHECK(told[2].score == 53);
  findings.clear();
  for (std::size_t i = 0; i < 6; ++i)
    findings.push_back(finding(std::string(1, static_cast<char>('k' + i)), 50, {0, i + 1}));
  told = select_findings(findings, analysis, 10);
  CHECK(told.size() == 3);
  findings.clear();
  for (std::size_t i = 0; i < 15; ++i) findings.push_back(finding("kind " + std::to_string(i / 3), 50, {i}));
  CHECK(select_findings(findings, analysis, 10).size() == 10);
  CHECK(select_findings({finding("weak", score_min - 0.1, {0})}, analysis, 10).empty());
}

TEST_CASE("a finding that repeats a better one about a linked column is a sentence of that one") {
  Analysis analysis = of_columns(3);
  analysis.relations.pairs.push_back(
      {.first = 1, .second = 2, .pearson = Correlation{0.9, 0, 100}, .strength = 0.9, .p_adjusted = 0});
  const std::vector<Finding> findings{finding("group", 60, {0, 1}), finding("group", 50, {0, 2})};
  const auto told = select_findings(findings, analysis, 10);
  REQUIRE(told.size() == 1);
  CHECK(told[0].text == "Told. “c” shows much the same.");
  CHECK(told[0].columns == std::vector<std::size_t>{0, 1, 2});
  analysis.relations.pairs[0].pearson->r = -0.9;
  CHECK(select_findings(findings, analysis, 10).size() == 2);
}

TEST_CASE("scores are comparable: effect times certainty times interest") {
  CHECK(score(0.5, 1, 0.8) == Approx(40));
  CHECK(score(3, 1, 1) == 100);
  CHECK(certainty_of_p(0.05) == 0);
  CHECK(certainty_of_p(0.001) == 1);
  CHECK(certainty_of_p(1e-300) == 1);
  CHECK(certainty_of_p(0.2) == 0);
  CHECK(certainty_of_p(0.01) == Approx(0.411).margin(0.001));
  CHECK(certainty_of_count(90) == 0.9);
}
