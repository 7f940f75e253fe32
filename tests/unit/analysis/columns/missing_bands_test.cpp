#include "workers/fulfillment/analysis/columns/missing_bands.hpp"

#include <catch2/catch.hpp>
#include <numeric>

using namespace circuit::analysis;

namespace {

std::vector<std::size_t> expected(const std::vector<std::size_t>& missing, std::size_t rows) {
  const std::size_t per_band = MissingBands::rows_per_band(rows);
  std::vector<std::size_t> counts((rows + per_band - 1) / per_band);
  for (const std::size_t row : missing) ++counts[row / per_band];
  return counts;
}

}  // namespace

TEST_CASE("bands are as few rows as keep them to a hundred") {
  CHECK(MissingBands::rows_per_band(1) == 1);
  CHECK(MissingBands::rows_per_band(100) == 1);
  CHECK(MissingBands::rows_per_band(101) == 2);
  CHECK(MissingBands::rows_per_band(200) == 2);
  CHECK(MissingBands::rows_per_band(201) == 4);
  CHECK(MissingBands::rows_per_band(1'000'000) == 16'384);
}

TEST_CASE("counts are those of a count from scratch, at every size of a file") {
  for (std::size_t rows = 1; rows < 1000; rows = rows * 5 / 4 + 1)
    for (const std::size_t step : {1, 2, 3, 7, 50}) {
      MissingBands bands;
      std::vector<std::size_t> missing;
      for (std::size_t row = step - 1; row < rows; row += step) {
        bands.add(row);
        missing.push_back(row);
      }
      REQUIRE(bands.counts(rows) == expected(missing, rows));
    }
}

TEST_CASE("many rows at once are as one after another") {
  for (const std::size_t run : {1, 3, 99, 100, 101, 1000, 54'321}) {
    MissingBands at_once;
    MissingBands one_by_one;
    std::size_t row = 0;
    for (int i = 0; i < 5; ++i, row += 2 * run) {
      at_once.add(row, run);
      for (std::size_t j = 0; j < run; ++j) one_by_one.add(row + j);
    }
    REQUIRE(at_once.counts(row) == one_by_one.counts(row));
  }
}

TEST_CASE("a file without missing values has bands of zero") {
  CHECK(MissingBands().counts(250) == std::vector<std::size_t>(63));
}

TEST_CASE("a value that is missing at the end of a long file alone is in the last band") {
  MissingBands bands;
  bands.add(999'999);
  const auto counts = bands.counts(1'000'000);
  CHECK(counts.size() == 62);
  CHECK(counts.back() == 1);
  CHECK(std::accumulate(counts.begin(), counts.end(), std::size_t{0}) == 1);
}
