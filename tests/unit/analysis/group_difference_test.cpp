#include "workers/fulfillment/analysis/relations/group_difference.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "tests/unit/analysis/nist_data.hpp"

using namespace circuit::analysis;
using Numbers = std::vector<double>;
using Codes = std::vector<std::uint32_t>;

namespace {

const double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint32_t levels = 50;

struct Sample {
  Codes codes;
  Numbers numbers;

  void add(std::uint32_t code, std::span<const double> values) {
    codes.insert(codes.end(), values.size(), code);
    numbers.insert(numbers.end(), values.begin(), values.end());
  }
  [[nodiscard]] std::optional<GroupDifference> difference() const { return group_difference(codes, numbers, levels); }
};

// SmLs01 to 09: nine treatments by a rule, with 1, 7 or 13 constant leading digits.
Sample simon_lesage(int number) {
  const double offset = std::array{1.0, 1e6, 1e12}[static_cast<std::size_t>(number - 1) / 3];
  const int pairs = std::array{10, 100, 1'000}[static_cast<std::size_t>(number - 1) % 3];
  Sample sample;
  for (std::uint32_t treatment = 1; treatment <= 9; ++treatment) {
    const int tenths = treatment == 1 ? 4 : treatment % 2 == 0 ? 3 : 5;
    const auto value = [&](int t) { return (offset * 10 + t) / 10; };
    sample.add(treatment, around(value(tenths - 1), value(tenths), value(tenths + 1), pairs));
  }
  return sample;
}

Sample nist_sample(const std::string& name) {
  if (name.starts_with("SmLs")) return simon_lesage(std::stoi(name.substr(4)));
  Sample sample;
  const auto rows = nist_rows(name + ".csv");
  for (std::size_t i = 1; i < rows.size(); ++i)
    sample.add(static_cast<std::uint32_t>(std::stoul(rows[i].at(0))), Numbers{std::stod(rows[i].at(1))});
  return sample;
}

}  // namespace

TEST_CASE("analysis of variance has the digits that NIST certifies") {
  // What doubles leave of thirteen constant leading digits is little: a tenth at 10^12 is off by 2 in 10,000.
  const std::vector<std::pair<std::string, double>> digits{{"SiRstv", 12.5}, {"AtmWtAg", 8.5}, {"SmLs03", 13.9},
                                                           {"SmLs04", 9.5},  {"SmLs05", 9.5},  {"SmLs06", 9.5},
                                                           {"SmLs07", 2.5},  {"SmLs08", 2.5},  {"SmLs09", 2.5}};
  const auto rows = nist_rows("certified_anova.csv");
  REQUIRE(rows.size() == 12);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::string name = rows[i].at(0);
    const auto known = std::ranges::find(digits, name, &std::pair<std::string, double>::first);
    const double expected = known == digits.end() ? 14 : known->second;
    const GroupDifference result = *nist_sample(name).difference();
    INFO(name);
    CHECK(result.groups == std::stoul(rows[i].at(1)));
    CHECK(result.n == std::stoul(rows[i].at(2)));
    CHECK(correct_digits(result.f, std::stod(rows[i].at(3))) >= expected);
    CHECK(correct_digits(result.eta_squared, std::stod(rows[i].at(4))) >= expected);
  }
}

TEST_CASE("analysis of variance of R's PlantGrowth agrees with R's anova") {
  Sample plants;
  plants.add(1, Numbers{4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14});
  plants.add(2, Numbers{4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69});
  plants.add(3, Numbers{6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26});
  const GroupDifference result = *plants.difference();
  CHECK(result.f == Approx(4.846087862380135).epsilon(1e-13));
  CHECK(result.p == Approx(0.015909958325622937).epsilon(1e-12));
  CHECK(result.eta_squared == Approx(0.264148296832119656).epsilon(1e-13));
}

TEST_CASE("two groups of three, by hand") {
  // Means 2 and 5 around 3.5: 13.5 between, 2 + 2 within.
  const GroupDifference result = *group_difference(Codes{1, 2, 1, 2, 1, 2}, Numbers{1, 4, 2, 5, 3, 6}, levels);
  CHECK(result.n == 6);
  CHECK(result.groups == 2);
  CHECK(result.f == 13.5);
  CHECK(result.eta_squared == 13.5 / 17.5);
}

TEST_CASE("rows without a number, a code or one of the frequent codes have no part") {
  const GroupDifference result =
      *group_difference(Codes{1, 2, 1, 0, 2, 1, 2, 51, 3}, Numbers{1, 4, 2, 100, 5, 3, 6, -100, none}, levels);
  CHECK(result.n == 6);
  CHECK(result.groups == 2);
  CHECK(result.f == 13.5);
}

TEST_CASE("a category that settles the number has all of its variance") {
  const GroupDifference result =
      *group_difference(Codes{1, 1, 1, 2, 2, 2}, Numbers{0.1, 0.1, 0.1, 3.7, 3.7, 3.7}, levels);
  CHECK(result.eta_squared == 1);
  CHECK(result.f == std::numeric_limits<double>::max());
  CHECK(result.p == 0);
}

TEST_CASE("there is no difference of one group, of groups of one, or of equal numbers") {
  CHECK_FALSE(group_difference(Codes{1, 1, 1}, Numbers{1, 2, 3}, levels));
  CHECK_FALSE(group_difference(Codes{1, 2, 3}, Numbers{1, 2, 3}, levels));
  CHECK_FALSE(group_difference(Codes{1, 2, 1, 2}, Numbers{3.7, 3.7, 3.7, 3.7}, levels));
  CHECK_FALSE(group_difference(Codes{1, 2, 1}, Numbers{none, none, none}, levels));
  for (const double value : {0.1, 3.7, 6.71})
    for (const std::size_t size : {3, 7, 49, 1'000}) {
      Sample equal;
      equal.add(1, Numbers(size, value));
      equal.add(2, Numbers(10, value));
      CHECK_FALSE(equal.difference());
    }
  CHECK_FALSE(group_difference({}, {}, levels));
}
