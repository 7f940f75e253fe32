#include "workers/fulfillment/analysis/columns/number_column.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "tests/unit/analysis/columns/read_columns.hpp"

using namespace circuit::analysis;

namespace {

// A limit that keeps a thousand rows, however many columns there are.
Limits small_sample() {
  Limits limits;
  limits.kept_cells_max = 1;
  return limits;
}

}  // namespace

TEST_CASE("whole numbers are integers, and others are reals") {
  CHECK(type_of({"1", "2", "5"}) == ColumnType::integer);
  CHECK(type_of({"1", "2.5"}) == ColumnType::real);
  CHECK(type_of({"1", "1e3"}) == ColumnType::integer);
  CHECK(type_of({"1", "1e-3"}) == ColumnType::real);
  CHECK(type_of({"5"}) == ColumnType::integer);
}

TEST_CASE("whole numbers that are written with decimals are integers, and the reason says so") {
  const ColumnSummary summary = summary_of({"1.0", "2.00", "5"});
  CHECK(summary.type == ColumnType::integer);
  CHECK(summary.reason == "3 of 3 present values are whole numbers. Some are written with decimals.");
}

TEST_CASE("numbers are equal however they are written") {
  const ColumnSummary summary = summary_of({"1.0", "1", "1e0", "-0", "0", "+1", " 1 ", "1,000", "1000"});
  CHECK(summary.distinct == 3);
  REQUIRE(summary.top_values.size() == 3);
  CHECK(summary.top_values[0].text == "1");
  CHECK(summary.top_values[0].count == 5);
}

TEST_CASE("count, missing and invalid add up to the rows") {
  const ColumnSummary summary = summary_of(joined(numbers_to(20), {"", "NA", "unknown", "12 kg"}));
  CHECK(summary.type == ColumnType::integer);
  CHECK(summary.count == 20);
  CHECK(summary.missing == 3);
  CHECK(summary.invalid == 1);
  CHECK(summary.invalid_values.at(0).text == "12 kg");
  CHECK(summary.confidence == Approx(20.0 / 21));
  CHECK(summary.reason == "20 of 21 present values are whole numbers.");
}

TEST_CASE("invalid values are left out of all figures") {
  const Column column = column_of(joined(numbers_to(20), {"1000000 kg"}));
  REQUIRE(column.summary.numbers);
  CHECK(column.summary.numbers->max == 20);
  CHECK(column.summary.numbers->mean == 10.5);
  CHECK(column.summary.numbers->order_n == 20);
  REQUIRE(column.values.numbers.size() == 21);
  CHECK(std::isnan(column.values.numbers.back()));
}

TEST_CASE("the figures of a small column are right") {
  const ColumnSummary summary = summary_of({"2", "4", "4", "4", "5", "5", "7", "9", "0", "-5"});
  REQUIRE(summary.numbers);
  CHECK(summary.numbers->min == -5);
  CHECK(summary.numbers->max == 9);
  CHECK(summary.numbers->sum == 35);
  CHECK(summary.numbers->zeros == 1);
  CHECK(summary.numbers->negatives == 1);
  CHECK(summary.distinct == 7);
  REQUIRE(summary.distribution);
  CHECK(std::accumulate(summary.distribution->counts.begin(), summary.distribution->counts.end(), std::size_t{0}) ==
        10);
}

TEST_CASE("one unit of all numbers is told, and of only some it is not") {
  CHECK(summary_of({"$1", "$2", "$3.50"}).numbers->unit == "$");
  CHECK(summary_of({"5%", "6 %", "7%"}).numbers->unit == "%");
  CHECK(summary_of({"$1", "2", "$3.50"}).numbers->unit.empty());
  CHECK(summary_of({"$1", "$2", "", "$3.50"}).numbers->unit == "$");
}

TEST_CASE("numbers with a unit in letters are no numbers") {
  CHECK(type_of({"12 kg", "13 kg", "15 kg"}) == ColumnType::text);
}

TEST_CASE("amounts in two currencies are not added up") {
  CHECK(type_of(repeated({"$5", "€6"}, 10)) == ColumnType::category);
  const ColumnSummary summary = summary_of(joined({"€99"}, repeated({"$5", "$6"}, 20)));
  CHECK(summary.type == ColumnType::integer);
  CHECK(summary.numbers->unit == "$");
  CHECK(summary.numbers->max == 6);
  CHECK(summary.invalid_values.at(0).text == "€99");
}

TEST_CASE("a unit that comes after the sample is accepted if it is the usual one") {
  const ColumnSummary summary = summary_of(joined(repeated({"5"}, 500), joined({"€6"}, repeated({"$7"}, 100))));
  CHECK(summary.count == 600);
  CHECK(summary.invalid == 1);
  CHECK(summary.invalid_values.at(0).text == "€6");
}

TEST_CASE("brackets in a column of accounts are negative, small or large") {
  const ColumnSummary summary = summary_of({"1,200", "(500)", "(1,500)", "300"});
  CHECK(summary.numbers->min == -1500);
  CHECK(summary.numbers->negatives == 2);
}

TEST_CASE("equal numbers are a constant, and one number is not") {
  const ColumnSummary summary = summary_of({"5", "5.0", ""});
  CHECK(summary.type == ColumnType::constant);
  CHECK(summary.distinct == 1);
  CHECK(summary.top_values.at(0).count == 2);
  CHECK(summary.numbers->max == 5);
  CHECK(type_of({"5", ""}) == ColumnType::integer);
}

TEST_CASE("numbers that count the rows from 0 or 1 are identifiers, and years are not") {
  CHECK(type_of(numbers_to(10)) == ColumnType::identifier);
  CHECK(summary_of(numbers_to(10)).reason == "Whole numbers that count the rows.");
  CHECK(type_of({"0", "1", "2", "3"}) == ColumnType::identifier);
  CHECK(type_of({"1990", "1991", "1992", "1993"}) == ColumnType::integer);
  CHECK(type_of({"1", "2", "", "3"}) == ColumnType::integer);
  CHECK(type_of({"1", "3", "2"}) == ColumnType::integer);
  CHECK_FALSE(summary_of(numbers_to(10)).numbers);
  CHECK(column_of(numbers_to(5000), "value", small_sample()).summary.type == ColumnType::identifier);
  CHECK(column_of(joined(numbers_to(5000), {"5000"}), "value", small_sample()).summary.type == ColumnType::integer);
}

TEST_CASE("different whole numbers are identifiers if the name says so") {
  CHECK(type_of({"17", "4", "9"}, "Room number") == ColumnType::identifier);
  CHECK(type_of({"17", "4", "17"}, "Room number") == ColumnType::integer);
  CHECK(type_of({"17", "4", "9"}, "rooms") == ColumnType::integer);
  CHECK(type_of({"17", "-4", "9"}, "Room number") == ColumnType::integer);
}

TEST_CASE("0 and 1 are no and yes") {
  const Column column = column_of({"1", "0", "1", "", "1"});
  CHECK(column.summary.type == ColumnType::boolean);
  CHECK(column.summary.reason == "All present values are 0 or 1.");
  CHECK(column.summary.top_values.at(0).text == "1");
  CHECK(column.summary.top_values.at(0).count == 3);
  CHECK(column.summary.top_values.at(1).count == 1);
  CHECK(column.values.labels == std::vector<std::string>{"1", "0"});
  CHECK(column.values.codes == std::vector<std::uint32_t>{1, 2, 1, missing_code, 1});
  CHECK(column.values.numbers.empty());
  CHECK(column_of({"1", "0"}).values.labels == std::vector<std::string>{"0", "1"});
}

TEST_CASE("numbers between 0 and 1 are no booleans") { CHECK(type_of({"1", "0", "0.5"}) == ColumnType::real); }

TEST_CASE("where both marks fit in the sample, what comes later decides") {
  const auto start = repeated({"1,234", "5,678"}, 300);
  const ColumnSummary comma = summary_of(joined(start, repeated({"0,5", "12,25"}, 100)));
  CHECK(comma.numbers->max == 12.25);
  CHECK(comma.invalid == 0);
  const ColumnSummary point = summary_of(joined(start, repeated({"1,234,567", "0.5"}, 100)));
  CHECK(point.numbers->max == 1'234'567);
  CHECK(point.invalid == 0);
}

TEST_CASE("a few decimal commas behind whole numbers turn the mark") {
  const ColumnSummary summary = summary_of(joined(repeated({"1", "2", "3"}, 200), repeated({"1,5"}, 20)));
  CHECK(summary.type == ColumnType::real);
  CHECK(summary.invalid == 0);
}

TEST_CASE("a few decimal commas among many decimal points are invalid") {
  const ColumnSummary summary = summary_of(joined(repeated({"1.5", "2.5"}, 200), repeated({"1,5"}, 20)));
  CHECK(summary.type == ColumnType::real);
  CHECK(summary.invalid == 20);
}

TEST_CASE("numbers beyond the sample are as exact as within it") {
  std::vector<std::string> cells;
  for (int i = 0; i < 50'000; ++i) cells.push_back(std::to_string(i % 1000) + ".25");
  cells.push_back("-7777.5");
  const Column column = column_of(cells, "value", small_sample());
  const ColumnSummary& summary = column.summary;
  CHECK(summary.count == 50'001);
  CHECK(summary.numbers->min == -7777.5);
  CHECK(summary.numbers->max == 999.25);
  CHECK(summary.numbers->sum == 50'000 * 499.75 - 7777.5);
  CHECK(summary.numbers->negatives == 1);
  CHECK(summary.numbers->order_n == column.values.numbers.size());
  CHECK(summary.numbers->order_n < 1500);
  CHECK(summary.numbers->median == Approx(499.75).epsilon(0.1));
  CHECK_FALSE(summary.distinct_is_exact);
  CHECK(summary.distinct <= 1001);
  CHECK(summary.top_values.empty());
}

TEST_CASE("what is judged by all values is so in a sample, too") {
  const auto zeros_and_ones = repeated({"0", "1", "1"}, 20'000);
  const ColumnSummary boolean = column_of(zeros_and_ones, "value", small_sample()).summary;
  CHECK(boolean.type == ColumnType::boolean);
  CHECK(boolean.top_values.at(0).count == 40'000);
  CHECK(boolean.distinct_is_exact);
  CHECK(column_of(joined(zeros_and_ones, {"0.5"}), "value", small_sample()).summary.type == ColumnType::real);
  CHECK(column_of(joined(zeros_and_ones, {"2"}), "value", small_sample()).summary.type == ColumnType::integer);
  const ColumnSummary constant = column_of(repeated({"7"}, 20'000), "value", small_sample()).summary;
  CHECK(constant.type == ColumnType::constant);
  CHECK(constant.distinct_is_exact);
  CHECK(constant.top_values.at(0).count == 20'000);
}

TEST_CASE("a column whose few values are not in the sample still has figures") {
  std::vector<std::string> cells(50'000);
  cells[0] = "5";
  cells[49'999] = "7";
  const ColumnSummary summary = column_of(cells, "value", small_sample()).summary;
  CHECK(summary.type == ColumnType::integer);
  CHECK(summary.count == 2);
  CHECK(summary.numbers->mean == 6);
}
