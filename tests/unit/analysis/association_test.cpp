// References: R 4.2's chisq.test(correct = FALSE); Cramér's V by its formula there.
#include "workers/fulfillment/analysis/relations/association.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace circuit::analysis;
using Codes = std::vector<std::uint32_t>;

namespace {

constexpr std::uint32_t levels = 50;

// The rows that a cross table is made from.
struct Rows {
  explicit Rows(const std::vector<std::vector<int>>& table) {
    for (std::uint32_t i = 0; i < table.size(); ++i)
      for (std::uint32_t j = 0; j < table[i].size(); ++j) {
        first.insert(first.end(), static_cast<std::size_t>(table[i][j]), i + 1);
        second.insert(second.end(), static_cast<std::size_t>(table[i][j]), j + 1);
      }
  }

  [[nodiscard]] std::optional<Association> compared() const { return association(first, second, levels); }

  Codes first;
  Codes second;
};

Approx near(double value) { return Approx(value).epsilon(1e-13); }

}  // namespace

TEST_CASE("chi-squared and Cramér's V agree with R") {
  const Association result = *Rows({{762, 327, 468}, {484, 239, 477}}).compared();
  CHECK(result.n == 2757);
  CHECK(result.degrees_of_freedom == 2);
  CHECK(result.chi_squared == near(30.070149095754672));
  CHECK(result.p == Approx(2.9535891832117569e-07).epsilon(1e-11));
  CHECK(result.cramers_v_uncorrected == near(0.10443580235646777));
  CHECK(result.cramers_v == near(0.10091998278440886));
  CHECK_FALSE(result.has_small_cells);
}

TEST_CASE("small tables are corrected for bias and flagged") {
  const Association result = *Rows({{3, 1}, {1, 4}}).compared();
  CHECK(result.chi_squared == near(2.7225));
  CHECK(result.p == near(0.098942936067296525));
  CHECK(result.cramers_v_uncorrected == near(0.55));
  CHECK(result.cramers_v == near(0.45039665058384132));
  CHECK(result.has_small_cells);
}

TEST_CASE("up to a fifth of the expected counts may be small") {
  // Expected counts of the first column are 4; one of five columns.
  CHECK_FALSE(Rows({{4, 10, 10, 10, 10}, {4, 10, 10, 10, 10}}).compared()->has_small_cells);
  CHECK(Rows({{4, 4, 10, 10, 10}, {4, 4, 10, 10, 10}}).compared()->has_small_cells);
}

TEST_CASE("categories that settle each other have a V of one, independent ones of nothing") {
  const Association same = *Rows({{10, 0, 0}, {0, 10, 0}, {0, 0, 10}}).compared();
  CHECK(same.cramers_v_uncorrected == near(1));
  CHECK(same.cramers_v == near(1));
  const Association independent = *Rows({{10, 20}, {10, 20}}).compared();
  CHECK(independent.chi_squared == 0);
  CHECK(independent.cramers_v == 0);
  CHECK(independent.p == 1);
}

TEST_CASE("values that are all different are no association") {
  Codes codes;
  for (std::uint32_t i = 1; i <= 20; ++i) codes.push_back(i);
  const Association result = *association(codes, codes, levels);
  CHECK(result.cramers_v_uncorrected == near(1));
  CHECK(result.cramers_v == 0);
}

TEST_CASE("rows that miss either, and rare codes, have no part") {
  Rows rows({{3, 1}, {1, 4}});
  for (const auto& [a, b] : {std::pair{0U, 1U}, {2U, 0U}, {51U, 1U}, {1U, 51U}}) {
    rows.first.push_back(a);
    rows.second.push_back(b);
  }
  CHECK(rows.compared()->n == 9);
  CHECK(rows.compared()->chi_squared == near(2.7225));
  // A value of the second column that never meets one of the first.
  rows.second.back() = 3;
  rows.first.back() = 0;
  for (std::uint32_t& code : rows.second) code = code == 2 ? 4 : code;
  CHECK(rows.compared()->chi_squared == near(2.7225));
  CHECK(rows.compared()->degrees_of_freedom == 1);
}

TEST_CASE("one value alone has no association") {
  CHECK_FALSE(Rows({{3, 4}}).compared());
  CHECK_FALSE(Rows({{3}, {4}}).compared());
  CHECK_FALSE(association(Codes{1, 2}, Codes{1, 2}, levels));
  CHECK_FALSE(association({}, {}, levels));
  // The second column's other value never meets a value of the first.
  CHECK_FALSE(association(Codes{1, 2, 1, 0}, Codes{1, 1, 1, 2}, levels));
}
