// Against the certified values of NIST's Statistical Reference Datasets, and against what exact rational arithmetic
// makes of the doubles that the data become.
#include <map>

#include "tests/unit/analysis/nist_data.hpp"
#include "workers/fulfillment/analysis/statistics/moments.hpp"

using namespace circuit::analysis;

namespace {

struct Exact {
  const char* name;
  double mean, standard_deviation, skewness, kurtosis;
};

// By tests/reference/nist_exact.py's arithmetic on the doubles instead of the decimals; rounded once.
constexpr Exact exact[] = {
    {"PiDigits", 4.5348, 2.867339060288708, -0.007992718638901736, -1.2200087510472772},
    {"Lottery", 518.9587155963303, 291.6997274709691, -0.09333165310779355, -1.1925609107485622},
    {"Lew", -177.435, 277.3321680443161, -0.05060663875633402, -1.4960497921444713},
    {"Mavro", 2.001856, 0.0004291234540030854, 0.6449294811091566, -0.8205237967731828},
    {"Michelso", 299.8524, 0.07901054781905066, -0.01853886377519616, 0.33968459842020476},
    {"NumAcc2", 1.2, 0.09999999999999998, 3.3340030769524228e-18, -2.003003003003003},
    {"NumAcc3", 1000000.2, 0.1000000000349246, 1.7479778045987572e-12, -2.003003003003003},
    {"NumAcc4", 10000000.2, 0.10000000055879354, 2.7967644727066308e-11, -2.003003003003003},
};

Moments in_blocks(std::span<const double> values, std::size_t size) {
  Moments all;
  for (; !values.empty(); values = values.subspan(std::min(size, values.size())))
    all = merged(all, moments_of(values.first(std::min(size, values.size()))));
  return all;
}

}  // namespace

TEST_CASE("means and standard deviations have the digits that NIST certifies") {
  // What the doubles nearest to the decimals allow, where that is not all: 1000000.1 is not a double.
  const std::map<std::string, double> digits{{"Mavro", 13.1}, {"Michelso", 13.8}, {"NumAcc3", 9.4}, {"NumAcc4", 8.2}};
  const auto rows = nist_rows("certified.csv");
  REQUIRE(rows.size() == 10);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::string name = rows[i].at(0);
    const Moments moments = moments_of(nist_univariate(name));
    INFO(name);
    CHECK(moments.n == std::stoul(rows[i].at(1)));
    CHECK(correct_digits(mean(moments), std::stod(rows[i].at(2))) >= 15);
    const auto known = digits.find(name);
    CHECK(correct_digits(*standard_deviation(moments), std::stod(rows[i].at(3))) >=
          (known == digits.end() ? 14.9 : known->second));
  }
}

TEST_CASE("moments of NIST's data are exact but for the last bits, whole or in blocks") {
  for (const Exact& expected : exact) {
    const auto values = nist_univariate(expected.name);
    for (const std::size_t block : {values.size(), std::size_t{7}, std::size_t{64}}) {
      const Moments moments = in_blocks(values, block);
      INFO(expected.name << " in blocks of " << block);
      CHECK(mean(moments) == expected.mean);
      CHECK(*standard_deviation(moments) == Approx(expected.standard_deviation).epsilon(4e-15));
      CHECK(*skewness(moments) == Approx(expected.skewness).epsilon(0).margin(1e-14));
      CHECK(*kurtosis(moments) == Approx(expected.kurtosis).epsilon(1e-14));
    }
  }
}
