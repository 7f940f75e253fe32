// References: R 4.2's cor.test, for Spearman with exact = FALSE.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "workers/fulfillment/analysis/relations/pearson.hpp"
#include "workers/fulfillment/analysis/relations/spearman.hpp"

using namespace circuit::analysis;
using Numbers = std::vector<double>;

namespace {

const double none = std::numeric_limits<double>::quiet_NaN();

Approx near(double value) { return Approx(value).epsilon(1e-13); }

struct Table {
  explicit Table(std::vector<Numbers> numbers) {
    for (Numbers& column : numbers) {
      summaries.emplace_back().type = ColumnType::real;
      values.emplace_back().numbers = std::move(column);
    }
    compared = compared_columns(summaries, values);
  }

  std::vector<ColumnSummary> summaries;
  std::vector<ColumnValues> values;
  ComparedColumns compared;
};

std::optional<Correlation> pearson(const Numbers& x, const Numbers& y) {
  return pearson_of_pairs(Table({x, y}).compared.numbers).front();
}

std::optional<Correlation> spearman(const Numbers& x, const Numbers& y) {
  return spearman_of_pairs(Table({x, y}).compared.numbers).front();
}

// The plain formula in long doubles, over the rows that both have.
double plain_r(const Numbers& x, const Numbers& y) {
  long double n = 0, sum_x = 0, sum_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!std::isnan(x[i]) && !std::isnan(y[i])) n += 1, sum_x += x[i], sum_y += y[i];
  long double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(y[i])) continue;
    const long double dx = x[i] - sum_x / n;
    const long double dy = y[i] - sum_y / n;
    xx += dx * dx, yy += dy * dy, xy += dx * dy;
  }
  return static_cast<double>(xy / std::sqrt(xx * yy));
}

Numbers noise(std::size_t n, unsigned seed, double missing_share = 0) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(50, 10);
  Numbers values(n);
  for (double& value : values) {
    value = normal(random);
    if (std::uniform_real_distribution<double>(0, 1)(random) < missing_share) value = none;
  }
  return values;
}

}  // namespace

TEST_CASE("Pearson and Spearman agree with R") {
  const Numbers x{56, 75, 45, 71, 62, 64, 58, 80, 76, 61};
  const Numbers y{66, 70, 40, 60, 65, 56, 59, 77, 67, 63};
  CHECK(pearson(x, y)->r == near(0.8058805796401135));
  CHECK(pearson(x, y)->p == near(0.0048790052237987699));
  CHECK(spearman(x, y)->r == near(0.67272727272727262));
  CHECK(spearman(x, y)->p == near(0.033041222545437759));
  CHECK(pearson(x, y)->n == 10);
}

TEST_CASE("Spearman's ties share their ranks, as in R") {
  const Numbers x{1, 2, 2, 3, 5, 5, 5, 8};
  const Numbers y{3, 1, 4, 4, 2, 9, 9, 7};
  CHECK(pearson(x, y)->r == near(0.60160301201425892));
  CHECK(spearman(x, y)->r == near(0.56531554109760995));
  CHECK(spearman(x, y)->p == near(0.14421256453262499));
}

TEST_CASE("a pair is compared, and ranked, over the rows that both have") {
  const Numbers x{1, 2, none, 4, 5, 6, 7, 8, none, 10};
  const Numbers y{2, none, 3, 5, 4, none, 9, 7, 8, 1};
  CHECK(pearson(x, y)->r == near(0.15970681914371376));
  CHECK(pearson(x, y)->p == near(0.76247653375615132));
  CHECK(pearson(x, y)->n == 6);
  CHECK(spearman(x, y)->r == near(0.028571428571428574));
  CHECK(spearman(x, y)->p == near(0.957154518950437350));
  CHECK(spearman(x, y)->n == 6);
}

TEST_CASE("all pairs come in their order, complete or not") {
  const Table table({{1, 2, 3, 4}, {1, 3, 2, 5}, {4, none, 2, 1}, {2, 2, 2, 2}});
  const auto r = pearson_of_pairs(table.compared.numbers);
  const auto rho = spearman_of_pairs(table.compared.numbers);
  REQUIRE(r.size() == 6);
  REQUIRE(rho.size() == 6);
  CHECK(r[0]->r == near(0.8315218406202999));
  CHECK(rho[0]->r == near(0.8));
  CHECK(r[1]->n == 3);
  CHECK(r[1]->r == -1);
  CHECK(rho[1]->r == -1);
  CHECK_FALSE(r[2]);
  CHECK_FALSE(rho[2]);
  CHECK(r[3]->n == 3);
  CHECK_FALSE(r[5]);
}

TEST_CASE("a column and itself have an r of exactly one") {
  const Numbers x = noise(5'003, 8);
  CHECK(pearson(x, x)->r == 1);
  CHECK(pearson(x, x)->p == 0);
  CHECK(spearman(x, x)->r == 1);
  const Numbers gaps = noise(5'003, 8, 0.2);
  CHECK(pearson(gaps, gaps)->r == 1);
  CHECK(spearman(gaps, gaps)->r == 1);
}

TEST_CASE("a straight line has r of plus or minus one and no p to speak of") {
  CHECK(pearson({1, 2, 3}, {10, 20, 30})->r == near(1));
  CHECK(pearson({1, 2, 3, none}, {3, 2, 1, 7})->r == near(-1));
  CHECK(spearman({1, 2, 3, 4}, {1, 10, 100, 1000})->r == 1);
  CHECK(spearman({1, 2, 3, 4}, {1, 10, 100, 1000})->p == 0);
}

TEST_CASE("numbers at the ends of the double range, or far from zero, are correlated all the same") {
  CHECK(pearson({1e300, 2e300, 3e300}, {1e-300, 2e-300, 3e-300})->r == near(1));
  CHECK(pearson({1e300, 2e300, 3e300, none}, {1e-300, none, 3e-300, 4e-300}).has_value() == false);
  CHECK(pearson({1e300, 2e300, 4e300, 3e300, none}, {5e-324, 1e-323, 2e-323, 1.5e-323, 0})->r == near(1));
  CHECK(pearson({-1.7e308, 1.7e308, 0}, {1, 2, 1.5})->r == near(1));
  CHECK(pearson({1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4}, {1, 3, 2, 5})->r == near(0.8315218406202999));
  CHECK(pearson({1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4, none}, {1, 3, 2, 5, 7})->r == near(0.8315218406202999));
}

TEST_CASE("r is not defined for a constant, for two rows or for none in common") {
  CHECK_FALSE(pearson({3.7, 3.7, 3.7}, {1, 2, 3}));
  CHECK_FALSE(pearson({1, 2}, {2, 1}));
  CHECK_FALSE(pearson({1, none, none}, {none, 2, 3}));
  CHECK_FALSE(spearman({1, none, none}, {none, 2, 3}));
  CHECK_FALSE(pearson({none, none, none}, {1, 2, 3}));
  // Constant only where both have a value: a sum of 3.7s, divided again, is not 3.7.
  CHECK_FALSE(pearson({3.7, 3.7, 3.7, 9, 3.7}, {1, 2, 3, none, 5}));
  CHECK_FALSE(spearman({3.7, 3.7, 3.7, 9, 3.7}, {1, 2, 3, none, 5}));
}

TEST_CASE("r over many rows is that of the plain formula, whatever their number") {
  for (const std::size_t n : {3U, 7U, 511U, 513U, 5'000U, 4'099U}) {
    for (const double missing : {0.0, 0.3}) {
      const Numbers x = noise(n + 3, 1, missing);
      Numbers y = noise(n + 3, 2, missing);
      for (std::size_t i = 0; i < y.size(); ++i) y[i] += std::isnan(x[i]) ? 0 : x[i] / 2;
      INFO(n << " rows, " << missing << " missing");
      const auto result = pearson(x, y);
      if (result) CHECK(result->r == near(plain_r(x, y)));
    }
  }
}

TEST_CASE("a value that the other column misses has no part in the mean") {
  Numbers x = noise(1'000, 3);
  Numbers y = noise(1'000, 4);
  x[500] = 1e15;
  y[500] = none;
  const auto with_gap = pearson(x, y);
  x.erase(x.begin() + 500);
  y.erase(y.begin() + 500);
  CHECK(with_gap->r == near(pearson(x, y)->r));
  CHECK(with_gap->n == 999);
}

TEST_CASE("Spearman looks at a hundred thousand rows at most, Pearson at all") {
  const Numbers x = noise(150'000, 5);
  const Numbers y = noise(150'000, 6);
  CHECK(pearson(x, y)->n == 150'000);
  CHECK(spearman(x, y)->n == 100'000);
  CHECK(std::fabs(spearman(x, y)->r) < 0.02);
}

TEST_CASE("very many pairs of long columns with gaps are compared over a sample") {
  // 64 columns: 2,016 pairs, of which a row costs 8 (Pearson) or 30 (Spearman).
  std::vector<Numbers> columns;
  const Numbers base = noise(60'000, 7);
  for (unsigned c = 0; c < 64; ++c) {
    columns.push_back(base);
    columns.back()[c] = none;
  }
  const Table table(std::move(columns));
  const auto r = pearson_of_pairs(table.compared.numbers);
  const auto rho = spearman_of_pairs(table.compared.numbers);
  REQUIRE(r.size() == 2'016);
  CHECK(r[7]->n <= 800'000'000 / (2'016 * 8));
  CHECK(r[7]->n >= 800'000'000 / (2'016 * 8) - 2);
  CHECK(rho[7]->n <= 600'000'000 / (2'016 * 30));
  CHECK(rho[7]->n >= 600'000'000 / (2'016 * 30) - 2);
  CHECK(r[7]->r == near(1));
  CHECK(rho[7]->r == near(1));
}
