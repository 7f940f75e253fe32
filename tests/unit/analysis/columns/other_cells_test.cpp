#include "workers/fulfillment/analysis/columns/other_cells.hpp"

#include <catch2/catch.hpp>

using namespace circuit::analysis;

TEST_CASE("cells without a value are missing, all others are invalid") {
  TextBudget budget{1 << 20};
  OtherCells others(budget);
  CHECK_FALSE(others.add("NA", 0));
  CHECK_FALSE(others.add("unknown", 2));
  CHECK(others.add("x", 3));
  CHECK(others.add("y", 4));
  CHECK(others.add("y", 5));
  const Column column = others.column("name", 13);
  CHECK(column.summary.name == "name");
  CHECK(column.summary.count == 8);
  CHECK(column.summary.missing == 2);
  CHECK(column.summary.invalid == 3);
  CHECK(column.summary.confidence == Approx(8.0 / 11));
  REQUIRE(column.summary.invalid_values.size() == 2);
  CHECK(column.summary.invalid_values[0].text == "y");
  CHECK(column.summary.invalid_values[0].count == 2);
  CHECK(column.missing_bands.counts(13)[2] == 1);
}

TEST_CASE("of many invalid values the five most frequent ones are shown") {
  TextBudget budget{1 << 20};
  OtherCells others(budget);
  for (int i = 0; i < 5000; ++i) others.add("x" + std::to_string(i), 0);
  const Column column = others.column("name", 5000);
  CHECK(column.summary.invalid == 5000);
  CHECK(column.summary.invalid_values.size() == 5);
}

TEST_CASE("a column without values is sure to have none") {
  TextBudget budget{1 << 20};
  const Column column = OtherCells(budget).column("name", 0);
  CHECK(column.summary.confidence == 1);
  CHECK(column.summary.type == ColumnType::empty);
}
