// The data sets below tests/data/nist, and how many digits of a certified value a result has.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace circuit::analysis {

inline std::vector<std::vector<std::string>> nist_rows(const std::string& file_name) {
  std::ifstream file(std::string(CIRCUIT_SOURCE_DIR) + "/tests/data/nist/" + file_name);
  REQUIRE(file.good());
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

// The rule of NumAcc2 to 4 and of each treatment of SmLs: the middle, then a tenth less and a tenth more in turn. All
// three are given, so that each is the double nearest to its decimal.
inline std::vector<double> around(double less, double middle, double more, int pairs) {
  std::vector<double> values{middle};
  for (int i = 0; i < pairs; ++i) values.insert(values.end(), {less, more});
  return values;
}

inline std::vector<double> nist_univariate(const std::string& name) {
  if (name == "NumAcc1") return {10000001, 10000003, 10000002};
  if (name == "NumAcc2") return around(1.1, 1.2, 1.3, 500);
  if (name == "NumAcc3") return around(1000000.1, 1000000.2, 1000000.3, 500);
  if (name == "NumAcc4") return around(10000000.1, 10000000.2, 10000000.3, 500);
  std::vector<double> values;
  for (const auto& row : nist_rows(name + ".txt")) values.push_back(std::stod(row.at(0)));
  return values;
}

// The log relative error of McCullough (1998): the correct significant digits, at most the 15 that are certified.
inline double correct_digits(double result, double certified) {
  const double error = std::fabs(result - certified);
  const double relative = certified == 0 ? error : error / std::fabs(certified);
  return relative == 0 ? 15 : std::min(15.0, -std::log10(relative));
}

}  // namespace circuit::analysis
