#include "workers/fulfillment/analysis/columns/row_sample.hpp"

#include <catch2/catch.hpp>
#include <numeric>

using namespace circuit::analysis;

namespace {

// What a column that follows the sample keeps, fed in blocks: the numbers of the rows.
std::vector<std::size_t> kept_rows(RowSample& sample, std::size_t rows, std::size_t block) {
  std::vector<std::size_t> kept;
  for (std::size_t first = 0; first < rows; first += block) {
    const std::size_t size = std::min(block, rows - first);
    if (sample.extend(size)) thin(kept, sample.keeps());
    for (std::size_t i = 0; i < size; ++i)
      if (sample.added().empty() || sample.added()[i] != 0) kept.push_back(first + i);
    REQUIRE(kept.size() == sample.kept());
  }
  return kept;
}

}  // namespace

TEST_CASE("all rows are kept as long as they fit") {
  RowSample sample(1000);
  CHECK(kept_rows(sample, 1000, 100).size() == 1000);
  CHECK(sample.is_complete());
  CHECK(sample.seen() == 1000);
}

TEST_CASE("one row too many halves the sample") {
  RowSample sample(1000);
  const auto kept = kept_rows(sample, 1001, 1);
  CHECK_FALSE(sample.is_complete());
  CHECK(kept.size() > 400);
  CHECK(kept.size() < 600);
}

TEST_CASE("a sample stays near its size, whatever the blocks are") {
  for (const std::size_t block : {1, 7, 100, 2048, 5000, 100'000}) {
    RowSample sample(1000);
    const auto kept = kept_rows(sample, 100'000, block);
    INFO(block);
    CHECK(kept.size() > 400);
    CHECK(kept.size() < 1200);
    CHECK(sample.seen() == 100'000);
  }
}

TEST_CASE("a sample is even over the file") {
  RowSample sample(10'000);
  const auto kept = kept_rows(sample, 1'000'000, 2048);
  std::vector<std::size_t> tenths(10);
  for (const std::size_t row : kept) ++tenths[row / 100'000];
  for (const std::size_t count : tenths) {
    CHECK(static_cast<double>(count) > 0.08 * static_cast<double>(kept.size()));
    CHECK(static_cast<double>(count) < 0.12 * static_cast<double>(kept.size()));
  }
}

TEST_CASE("a sample is blind to rhythms in the file") {
  RowSample sample(10'000);
  std::vector<std::size_t> of_seven(7);
  const auto kept = kept_rows(sample, 700'000, 1000);
  for (const std::size_t row : kept) ++of_seven[row % 7];
  for (const std::size_t count : of_seven)
    CHECK(static_cast<double>(count) == Approx(static_cast<double>(kept.size()) / 7).epsilon(0.15));
}

TEST_CASE("the same rows are kept each time, in any blocks, once as many are given up") {
  RowSample one(1000);
  RowSample other(1000);
  CHECK(kept_rows(one, 50'000, 10) == kept_rows(other, 50'000, 10));
}

TEST_CASE("a sample of one row ends") {
  RowSample sample(1);
  CHECK(kept_rows(sample, 10'000, 100).size() <= 100);
}

TEST_CASE("values that are not kept are given up in their order") {
  std::vector<int> values{1, 2, 3, 4};
  thin(values, std::vector<std::uint8_t>{1, 0, 0, 1});
  CHECK(values == std::vector<int>{1, 4});
}
