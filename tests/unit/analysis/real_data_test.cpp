// Real data against figures computed independently: Python's statistics module (mean, stdev, quantiles(n=4,
// method="inclusive"), correlation).
#include "tests/unit/analysis/analyzed.hpp"

using namespace circuit::analysis;

namespace {

struct Expected {
  std::string name;
  std::size_t count, distinct;
  double min, max, mean, standard_deviation;
  std::vector<double> quartiles;
};

const nlohmann::json& column_named(const nlohmann::json& json, const std::string& name) {
  for (const auto& column : json.at("columns"))
    if (column.at("name") == name) return column;
  FAIL("no column " << name);
  return json;
}

Approx near(double value) { return Approx(value).epsilon(1e-13).margin(1e-13); }

void check(const nlohmann::json& json, const Expected& expected) {
  const auto& column = column_named(json, expected.name);
  INFO(expected.name);
  CHECK(column.at("count") == expected.count);
  CHECK(column.at("distinct") == expected.distinct);
  CHECK(column.at("min") == expected.min);
  CHECK(column.at("max") == expected.max);
  CHECK(column.at("mean").get<double>() == near(expected.mean));
  CHECK(column.at("standard_deviation").get<double>() == near(expected.standard_deviation));
  for (std::size_t i = 0; i < 3; ++i) CHECK(column.at("quartiles").at(i).get<double>() == near(expected.quartiles[i]));
}

double correlation(const nlohmann::json& json, const std::string& first, const std::string& second) {
  for (const auto& pair : json.at("correlations"))
    if (pair.at("columns") == nlohmann::json{first, second}) return pair.at("r");
  FAIL("no correlation of " << first << " and " << second);
  return 0;
}

}  // namespace

TEST_CASE("the figures of the Seattle weather agree with Python's") {
  const auto json = analyzed(sample_data("seattle-weather.csv")).json;
  check(json, {"precipitation", 1461, 111, 0, 55.9, 3.02943189596167, 6.680194322314738, {0, 0, 2.8}});
  check(json, {"temp_max", 1461, 67, -1.6, 35.6, 16.43908281998631, 7.349758097360177, {10.6, 15.6, 22.2}});
  CHECK(correlation(json, "temp_max", "temp_min") == near(0.8756866637108168));
  CHECK(correlation(json, "temp_max", "wind") == near(-0.16485663487495483));
  CHECK(column_named(json, "date").at("type") == "date");
  CHECK(column_named(json, "weather").at("top_values").at(0) == nlohmann::json{{"value", "rain"}, {"count", 641}});
}

TEST_CASE("the figures of the US employment agree with Python's") {
  const auto json = analyzed(sample_data("us-employment.csv")).json;
  CHECK(json.at("file").at("columns") == 24);
  check(json, {"nonfarm_change", 120, 101, -802, 522, 66.04166666666667, 261.3284869302091, {11, 154.5, 233.25}});
  check(json, {"wholesale_trade", 120, 118, 5439, 6041.8, 5751.1, 182.25356332466544, {5599.3, 5769.5, 5878.95}});
  CHECK(json.at("correlations").size() == 23 * 22 / 2);
}

TEST_CASE("the figures of the bird strikes agree with Python's, missing values left out") {
  const auto json = analyzed(sample_data("birdstrikes.csv")).json;
  CHECK(json.at("file").at("rows") == 10'000);
  CHECK(json.at("file").at("ragged_rows") == 0);
  check(json, {"Speed IAS in knots", 7164, 122, 0, 350, 153.53517587939697, 43.5185033453442, {130, 140, 170}});
  check(json, {"Cost Total $", 10'000, 196, 0, 7043545, 4054.5276, 102135.32109284286, {0, 0, 0}});
  CHECK(column_named(json, "Speed IAS in knots").at("missing") == 2836);
  CHECK(correlation(json, "Cost Total $", "Speed IAS in knots") == near(0.0019850016642644556));
}

TEST_CASE("None in the bird strikes is a category, not a gap") {
  const auto json = analyzed(sample_data("birdstrikes.csv")).json;
  const auto& damage = column_named(json, "Effect Amount of damage");
  CHECK(damage.at("missing") == 0);
  CHECK(damage.at("top_values").at(0) == nlohmann::json{{"value", "None"}, {"count", 8939}});
}
