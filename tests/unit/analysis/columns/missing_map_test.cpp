#include "workers/fulfillment/analysis/columns/missing_map.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/analysis/columns/read_columns.hpp"

using namespace circuit::analysis;

TEST_CASE("a table that misses nothing has no map") { CHECK_FALSE(missing_map(table_of("a,b\n1,2\n").columns, 1)); }

TEST_CASE("the map has the columns that miss values, band by band") {
  std::string csv = "a,b,c\n";
  for (int i = 0; i < 150; ++i) csv += i < 3 ? "1,,x\n" : i == 149 ? ",2,x\n" : "1,2,x\n";
  const auto map = missing_map(table_of(csv).columns, 150);
  REQUIRE(map);
  CHECK(map->rows_per_band == 2);
  CHECK(map->columns == std::vector<std::size_t>{0, 1});
  REQUIRE(map->missing.size() == 2);
  CHECK(map->missing[0].size() == 75);
  CHECK(map->missing[0][74] == 1);
  CHECK(map->missing[1][0] == 2);
  CHECK(map->missing[1][1] == 1);
  CHECK(map->missing[1][2] == 0);
}

TEST_CASE("of more than sixty columns with gaps, those with the most are shown in their order") {
  std::vector<Column> columns(70);
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i].summary.missing = i < 10 ? 1 : i;
  const auto map = missing_map(columns, 100);
  REQUIRE(map);
  REQUIRE(map->columns.size() == 60);
  CHECK(map->columns.front() == 10);
  CHECK(map->columns.back() == 69);
}
