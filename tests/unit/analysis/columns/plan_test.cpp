#include "workers/fulfillment/analysis/columns/plan.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace circuit::analysis;

namespace {

ColumnPlan plan(const std::vector<std::string>& cells) {
  std::vector<CountedCell> counted;
  for (const std::string& cell : cells) counted.push_back({cell});
  return plan_column(counted);
}

Expectation expects(const std::vector<std::string>& cells) { return plan(cells).expects; }

std::vector<std::string> most(const std::string& cell, std::size_t times, const std::vector<std::string>& others) {
  std::vector<std::string> cells(times, cell);
  cells.insert(cells.end(), others.begin(), others.end());
  return cells;
}

}  // namespace

TEST_CASE("nine tenths of the values make a type, and missing ones do not count") {
  CHECK(is_most(9, 10));
  CHECK_FALSE(is_most(8, 9));
  CHECK_FALSE(is_most(0, 0));
  CHECK(expects(most("5", 9, {"x"})) == Expectation::number);
  CHECK(expects(most("5", 8, {"x"})) == Expectation::text);
  CHECK(expects(most("5", 9, {"x", "", "NA", "unknown", "n.a."})) == Expectation::number);
  CHECK(expects(most("2020-01-31", 9, {"x"})) == Expectation::date);
  CHECK(expects({}) == Expectation::text);
  CHECK(expects({"", "NA"}) == Expectation::text);
}

TEST_CASE("cells count as often as they occur") {
  const std::vector<CountedCell> cells{{"x", 1}, {"y", 1}, {"5", 100}};
  CHECK(plan_column(cells).expects == Expectation::number);
  const std::vector<CountedCell> texts{{"x", 100}, {"5", 1}, {"6", 1}};
  CHECK(plan_column(texts).expects == Expectation::text);
}

TEST_CASE("numbers and dates together are neither") {
  CHECK(expects({"1", "2", "2020-01-01", "2020-01-02"}) == Expectation::text);
}

TEST_CASE("one code of a hundred makes a column one of codes") {
  CHECK(expects(most("90210", 99, {"00501"})) == Expectation::number);
  CHECK(expects(most("90210", 98, {"00501"})) == Expectation::text);
  CHECK(expects(most("5", 50, {"12345678901234567"})) == Expectation::text);
}

TEST_CASE("days of eight digits are expected only if all values are") {
  CHECK(expects({"20200131", "20200201"}) == Expectation::compact_day);
  CHECK(expects({"20200131", "20200231"}) == Expectation::number);
  CHECK(expects({"20200131"}) == Expectation::number);
}

TEST_CASE("the decimal mark is the one that reads more") {
  CHECK(plan({"1.5", "1,234.5"}).decimal_mark == '.');
  CHECK_FALSE(plan({"1.5", "1,234.5"}).mark_is_assumed);
  CHECK(plan({"1,5", "1.234,5"}).decimal_mark == ',');
  CHECK_FALSE(plan({"1,5", "1.234,5"}).mark_is_assumed);
  CHECK(plan({"1,234", "5"}).decimal_mark == '.');
  CHECK(plan({"1,234", "5"}).mark_is_assumed);
  CHECK(plan({"1", "2"}).mark_is_assumed);
}

TEST_CASE("the most frequent unit is the column's, and numbers with others are none") {
  CHECK(plan(most("$5", 9, {"€5"})).unit == "$");
  CHECK(plan(most("$5", 9, {"€5"})).expects == Expectation::number);
  CHECK(plan(most("€5", 1, most("$5", 9, {"7"}))).unit == "$");
  CHECK(plan(most("$5", 5, most("€5", 5, {}))).expects == Expectation::text);
  CHECK(plan({"5", "6"}).unit.empty());
}

TEST_CASE("numbers of nothing but digits are whole") {
  CHECK(plan({"1", "2", ""}).is_whole);
  CHECK_FALSE(plan({"1", "2.5"}).is_whole);
  CHECK_FALSE(plan({"1", "-2"}).is_whole);
  CHECK_FALSE(plan({"1", "$2"}).is_whole);
}

TEST_CASE("days beyond the twelfth tell the order") {
  CHECK(plan({"01/02/2020", "01/13/2020"}).order == DayOrder::month_first);
  CHECK(plan({"01/02/2020", "13/01/2020"}).order == DayOrder::day_first);
  CHECK_FALSE(plan({"01/02/2020", "13/01/2020"}).order_is_assumed);
  CHECK(plan(most("13/01/2020", 20, {"01/13/2020"})).order == DayOrder::day_first);
}

TEST_CASE("dates that ascend in one order tell it") {
  CHECK(plan({"01/02/2020", "02/02/2020", "03/02/2020", "01/03/2020"}).order == DayOrder::day_first);
  CHECK(plan({"02.01.2020", "02.02.2020", "02.03.2020", "03.01.2020"}).order == DayOrder::month_first);
  CHECK_FALSE(plan({"01/02/2020", "02/02/2020", "03/02/2020", "01/03/2020"}).order_is_assumed);
}

TEST_CASE("where nothing tells the order, slashes are American and other separators are not") {
  CHECK(plan({"01/02/2020"}).order == DayOrder::month_first);
  CHECK(plan({"01.02.2020"}).order == DayOrder::day_first);
  CHECK(plan({"01-02-2020"}).order == DayOrder::day_first);
  CHECK(plan({"01/02/2020"}).order_is_assumed);
}

TEST_CASE("whole numbers in a column with the name of a code are codes, and texts if they recur") {
  const std::vector<CountedCell> different{{"1"}, {"2"}, {""}};
  const ColumnPlan wholes = plan_column(different);
  CHECK(with_name(wholes, "customer_id", different).has_codes);
  CHECK(with_name(wholes, "customer_id", different).expects == Expectation::number);
  CHECK(with_name(wholes, "price", different) == wholes);
  const std::vector<CountedCell> recurring{{"1"}, {"2"}, {"1"}, {"2"}};
  CHECK(with_name(plan_column(recurring), "store_id", recurring).has_codes);
  CHECK(with_name(plan_column(recurring), "store_id", recurring).expects == Expectation::text);
  CHECK_FALSE(with_name(plan({"1.5", "2"}), "customer_id", {}).has_codes);
  CHECK_FALSE(with_name(plan({"2020-01-01"}), "id", {}).has_codes);
}

TEST_CASE("columns with a clear decimal mark decide for the others") {
  const Records commas = {{"a", "b"}, {"1,5", "1.234"}, {"2,5", "5.678"}};
  CHECK(plan_columns(commas, true, 2, ';')[1].decimal_mark == ',');
  const Records points = {{"a", "b"}, {"1.5", "1,234"}, {"2.5", "5,678"}};
  CHECK(plan_columns(points, true, 2, ';')[1].decimal_mark == '.');
  const Records unclear = {{"a", "b"}, {"x", "1,234"}, {"y", "5,678"}};
  CHECK(plan_columns(unclear, true, 2, ',')[1].decimal_mark == '.');
  CHECK(plan_columns(unclear, true, 2, ';')[1].decimal_mark == ',');
}

TEST_CASE("columns with a clear order of day and month decide for the others") {
  const Records records = {{"a", "b"}, {"13/01/2020", "01/02/2020"}, {"14/01/2020", "01/02/2020"}};
  CHECK(plan_columns(records, true, 2, ',')[1].order == DayOrder::day_first);
}

TEST_CASE("the header is no cell, and gives names") {
  const Records records = {{"1", "id"}, {"x", "5"}, {"y", "6"}};
  CHECK(plan_columns(records, true, 2, ',')[0].expects == Expectation::text);
  CHECK(plan_columns(records, true, 2, ',')[1].has_codes);
  CHECK(plan_columns({{"5"}, {"6"}}, false, 1, ',')[0].expects == Expectation::number);
}

TEST_CASE("a column that no sampled record has is text for now") {
  CHECK(plan_columns({{"a"}, {"1"}}, true, 2, ',')[1].expects == Expectation::text);
}
