#include "workers/fulfillment/analysis/columns/column_set.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/unit/analysis/columns/read_columns.hpp"

using namespace circuit::analysis;

TEST_CASE("a column that waits for thousands of short records stays in step with the others") {
  Limits limits;
  limits.kept_cells_max = 1;  // a thousand rows
  std::string csv = "a,b,c,d\n";
  for (int i = 0; i < 60'000; ++i) {
    const bool is_full = i / 5000 % 3 == 1;
    csv += is_full ? "1," + std::to_string(i % 7) + ".5,2020-01-0" + std::to_string(1 + i % 7) + ",w" +
                         std::to_string(i % 7) + "\n"
                   : "5\n";
  }
  const Table table = table_of(csv, limits);
  const std::size_t kept = table.file.rows_kept;
  CHECK(kept < 1500);
  REQUIRE(table.columns[0].values.numbers.size() == kept);
  REQUIRE(table.columns[1].values.numbers.size() == kept);
  REQUIRE(table.columns[2].values.moments_us.size() == kept);
  REQUIRE(table.columns[3].values.codes.size() == kept);
  for (std::size_t i = 0; i < kept; ++i) {
    const bool is_full = table.columns[0].values.numbers[i] == 1;
    REQUIRE(is_full != std::isnan(table.columns[1].values.numbers[i]));
    REQUIRE(is_full == (table.columns[2].values.moments_us[i] != missing_moment));
    REQUIRE(is_full == (table.columns[3].values.codes[i] != missing_code));
  }
  for (const std::size_t i : {1, 2, 3}) CHECK(table.columns[i].summary.count == 20'000);
}
