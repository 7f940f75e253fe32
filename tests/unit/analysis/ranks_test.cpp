#include "workers/fulfillment/analysis/statistics/ranks.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <vector>

using namespace circuit::analysis;
using Numbers = std::vector<double>;

TEST_CASE("ties share the mean of their ranks") {
  CHECK(ranks(Numbers{30, 10, 20, 10}) == Numbers{4, 1.5, 3, 1.5});
  CHECK(ranks(Numbers{5, 5, 5}) == Numbers{2, 2, 2});
  CHECK(ranks(Numbers{-1, 1e308, -1e308, 5e-324}) == Numbers{2, 4, 1, 3});
  CHECK(ranks(Numbers{0.0, -0.0, 1}) == Numbers{1.5, 1.5, 3});
  CHECK(ranks(Numbers{}).empty());
}

TEST_CASE("ranks of many numbers are those that counting gives") {
  std::mt19937_64 random(5);
  Numbers values(2'000);
  // Every other one differs from others in its last bits only.
  for (double& value : values)
    value = static_cast<double>(random() % 300) + (random() % 2 == 0 ? 0 : static_cast<double>(random() % 4) * 1e-13);
  const Numbers result = ranks(values);
  for (std::size_t i = 0; i < values.size(); i += 37) {
    const auto below = std::ranges::count_if(values, [&](double value) { return value < values[i]; });
    const auto equal = std::ranges::count(values, values[i]);
    CHECK(result[i] == static_cast<double>(below) + static_cast<double>(equal + 1) / 2);
  }
}

TEST_CASE("a missing value has no place and takes none") {
  RankSpace space;
  const double missing = std::numeric_limits<double>::quiet_NaN();
  const Places places = places_of(Numbers{7, missing, 3, 7, missing}, space);
  CHECK(places.places == std::vector<std::uint32_t>{1, no_place, 0, 1, no_place});
  CHECK(places.distinct == 2);
}

TEST_CASE("rows left out leave no gaps in the ranks of the others") {
  CHECK(ranks_of_places(std::vector<std::uint32_t>{9, 2, 5, 2}, 10) == Numbers{4, 1.5, 3, 1.5});
}
