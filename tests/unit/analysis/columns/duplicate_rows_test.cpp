#include "workers/fulfillment/analysis/columns/duplicate_rows.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace circuit::analysis;

TEST_CASE("every row like an earlier one is counted") {
  DuplicateRows rows;
  CHECK(rows.count() == 0);
  rows.add(std::vector<std::uint64_t>{1, 2, 1, 3, 1, 2});
  CHECK(rows.count() == 3);
  CHECK(rows.is_exact());
  rows.add(std::vector<std::uint64_t>{3, 4});
  CHECK(rows.count() == 4);
}

TEST_CASE("many repeats of a few rows are counted exactly, however few hashes fit") {
  DuplicateRows rows(100);
  std::vector<std::uint64_t> block;
  for (std::uint64_t i = 0; i < 10'000; ++i) block.push_back((i % 30) * 0x9E3779B97F4A7C15u);
  for (int i = 0; i < 10; ++i) rows.add(block);
  CHECK(rows.is_exact());
  CHECK(rows.count() == 100'000 - 30);
}

TEST_CASE("different rows are no duplicates, even where the count is an estimate") {
  std::mt19937_64 random(1);
  DuplicateRows rows(1000);
  std::vector<std::uint64_t> block(10'000);
  for (auto& hash : block) hash = random();
  for (std::size_t i = 0; i < block.size(); i += 100) rows.add(std::span(block).subspan(i, 100));
  CHECK_FALSE(rows.is_exact());
  CHECK(rows.count() == 0);
}

TEST_CASE("an estimate is near the truth") {
  std::mt19937_64 random(2);
  std::vector<std::uint64_t> hashes(200'000);
  for (std::size_t i = 0; i < hashes.size(); ++i) hashes[i] = i % 2 == 0 ? random() : hashes[i / 2];
  DuplicateRows exact;
  DuplicateRows estimate(20'000);
  for (std::size_t i = 0; i < hashes.size(); i += 1000) {
    exact.add(std::span(hashes).subspan(i, 1000));
    estimate.add(std::span(hashes).subspan(i, 1000));
  }
  CHECK(exact.is_exact());
  CHECK_FALSE(estimate.is_exact());
  CHECK(static_cast<double>(estimate.count()) == Approx(static_cast<double>(exact.count())).epsilon(0.05));
}

TEST_CASE("two hashes of room are enough to end") {
  DuplicateRows rows(2);
  for (std::uint64_t i = 0; i < 1000; ++i) rows.add(std::vector<std::uint64_t>{0, i, i << 40});
  CHECK(rows.count() > 0);
}
