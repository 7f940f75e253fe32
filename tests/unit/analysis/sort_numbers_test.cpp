#include "workers/fulfillment/analysis/statistics/sort_numbers.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

using namespace circuit::analysis;
using Numbers = std::vector<double>;

namespace {

// Sorted as std::sort does it, to the last bit.
void check_sorts(Numbers values) {
  Numbers expected = values;
  std::ranges::sort(expected);
  SortSpace space;
  Numbers again = values;
  sort_numbers(values, space);
  CHECK(values == expected);
  sort_numbers(again, space);  // memory that was used before
  CHECK(again == expected);
}

Numbers made(std::size_t n, const std::function<double(std::mt19937_64&)>& make) {
  std::mt19937_64 random(7);
  Numbers values(n);
  for (double& value : values) value = make(random);
  return values;
}

double between(std::mt19937_64& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

}  // namespace

TEST_CASE("reals of all sizes are sorted") {
  Numbers values = made(10'000, [](auto& random) {
    return std::ldexp(between(random, -1, 1), static_cast<int>(random() % 2'000) - 1'000);
  });
  values.insert(values.end(), {0, 1e308, -1e308, 5e-324, -5e-324, 1e-10, 1.7976931348623157e308});
  check_sorts(values);
}

TEST_CASE("reals that differ in their last digits only are sorted") {
  check_sorts(made(5'000, [](auto& random) { return 1e9 + between(random, 0, 1e-3); }));
}

TEST_CASE("decimals of few digits are sorted and keep their exact values") {
  for (const double scale : {1.0, 10.0, 100.0, 1000.0, 1e6}) {
    INFO(scale);
    check_sorts(made(3'000, [&](auto& random) { return std::round(between(random, -1'000, 1'000) * scale) / scale; }));
  }
}

TEST_CASE("decimals with more places in the last values than in the first are sorted") {
  Numbers values = made(2'000, [](auto& random) { return std::round(between(random, 0, 1'000)); });
  values.push_back(0.000001);
  check_sorts(values);
  values.push_back(0.0000001);
  check_sorts(values);
}

TEST_CASE("whole numbers too far apart for 32 bits are sorted") {
  check_sorts(made(3'000, [](auto& random) { return std::round(between(random, -1e12, 1e12)); }));
  check_sorts(made(3'000, [](auto& random) { return 1e15 + std::round(between(random, 0, 1'000)); }));
  check_sorts(made(3'000, [](auto& random) { return 9e15 + std::round(between(random, 0, 1'000)); }));
  check_sorts(made(3'000, [](auto& random) { return std::round(between(random, 0, 2)) * 4294967295; }));
  check_sorts(made(3'000, [](auto& random) { return std::round(between(random, 0, 2)) * 4294967296; }));
}

TEST_CASE("few, equal and no numbers are sorted") {
  check_sorts({});
  check_sorts({1});
  check_sorts({2, 1});
  check_sorts(Numbers(1'000, 3.7));
  check_sorts(Numbers(1'000, -1e300));
}

TEST_CASE("zeros of either sign are equal") {
  Numbers values(600, 0.0);
  for (std::size_t i = 0; i < values.size(); i += 2) values[i] = -0.0;
  values.push_back(-1);
  values.push_back(M_PI);
  check_sorts(values);
}
