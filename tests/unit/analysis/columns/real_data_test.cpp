// Real files against figures computed independently: Python's csv and statistics modules.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "tests/unit/analysis/columns/read_columns.hpp"

using namespace circuit::analysis;

namespace {

Table sample(const std::string& name) {
  std::ifstream file(std::string(CIRCUIT_SOURCE_DIR) + "/tests/data/" + name, std::ios::binary);
  REQUIRE(file.good());
  return table_of(std::string(std::istreambuf_iterator<char>(file), {}));
}

const ColumnSummary& column_named(const Table& table, const std::string& name) {
  for (const Column& column : table.columns)
    if (column.summary.name == name) return column.summary;
  FAIL("no column " << name);
  return table.columns.front().summary;
}

void check_numbers(const Table& table, const std::string& name, std::size_t count, std::size_t distinct, double min,
                   double max, double mean) {
  INFO(name);
  const ColumnSummary& column = column_named(table, name);
  CHECK(column.count == count);
  CHECK(column.distinct == distinct);
  REQUIRE(column.numbers);
  CHECK(column.numbers->min == min);
  CHECK(column.numbers->max == max);
  CHECK(column.numbers->mean == Approx(mean).epsilon(1e-13));
}

std::string types_of(const Table& table) {
  std::string types;
  for (const Column& column : table.columns) {
    CHECK(column.summary.confidence == 1);
    types += std::string(types.empty() ? "" : " ") + type_name(column.summary.type);
  }
  return types;
}

}  // namespace

TEST_CASE("the Seattle weather is read in full") {
  const Table table = sample("seattle-weather.csv");
  CHECK(table.file.rows == 1461);
  CHECK(table.file.ragged_rows() + table.file.duplicate_rows == 0);
  CHECK(types_of(table) == "date real real real real category");
  check_numbers(table, "precipitation", 1461, 111, 0, 55.9, 3.02943189596167);
  check_numbers(table, "temp_max", 1461, 67, -1.6, 35.6, 16.43908281998631);
  CHECK(column_named(table, "date").dates->is_ascending);
  const TopValue& top = column_named(table, "weather").top_values.at(0);
  CHECK(top.text == "rain");
  CHECK(top.count == 641);
}

TEST_CASE("the US employment is read in full") {
  const Table table = sample("us-employment.csv");
  CHECK(table.file.rows == 120);
  CHECK(table.columns.size() == 24);
  check_numbers(table, "nonfarm_change", 120, 101, -802, 522, 66.04166666666667);
  check_numbers(table, "wholesale_trade", 120, 118, 5439, 6041.8, 5751.1);
  CHECK(column_named(table, "month").type == ColumnType::date);
}

TEST_CASE("the bird strikes are read in full") {
  const Table table = sample("birdstrikes.csv");
  CHECK(table.file.rows == 10'000);
  CHECK(table.file.ragged_rows() == 0);
  check_numbers(table, "Speed IAS in knots", 7164, 122, 0, 350, 153.53517587939697);
  check_numbers(table, "Cost Total $", 10'000, 196, 0, 7043545, 4054.5276);
  CHECK(column_named(table, "Speed IAS in knots").missing == 2836);
}

TEST_CASE("None in the bird strikes is a category, not a gap") {
  const Table table = sample("birdstrikes.csv");
  const ColumnSummary& damage = column_named(table, "Effect Amount of damage");
  CHECK(damage.type == ColumnType::category);
  CHECK(damage.missing == 0);
  CHECK(damage.top_values.at(0).text == "None");
  CHECK(damage.top_values.at(0).count == 8939);
}
