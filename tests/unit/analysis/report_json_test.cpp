#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/unit/analysis/full_analysis.hpp"
#include "workers/fulfillment/analysis/report/json_parts.hpp"
#include "workers/fulfillment/analysis/report/json_report.hpp"

using namespace circuit::analysis;
using nlohmann::json;

namespace {

json parsed(const Analysis& analysis) { return json::parse(json_report(analysis)); }

}  // namespace

TEST_CASE("the same analysis gives the same JSON") {
  CHECK(json_report(full_analysis()) == json_report(full_analysis()));
}

TEST_CASE("the schema and the version are said first") {
  CHECK(
      json_report(full_analysis()).starts_with("{\n  \"schema\": \"circuit.analysis.v2\",\n  \"version\": \"0.1.0\","));
}

TEST_CASE("numbers read back as the same doubles") {
  Analysis analysis = full_analysis();
  NumberSummary& numbers = *analysis.columns[1].numbers;
  numbers.mean = 0.1 + 0.2;
  numbers.min = -std::numeric_limits<double>::denorm_min();
  numbers.max = std::numeric_limits<double>::max();
  numbers.sum = 9007199254740993.0;
  const json column = parsed(analysis).at("columns").at(1).at("numbers");
  CHECK(column.at("mean").get<double>() == numbers.mean);
  CHECK(column.at("min").get<double>() == numbers.min);
  CHECK(column.at("max").get<double>() == numbers.max);
  CHECK(column.at("sum").get<double>() == numbers.sum);
  CHECK(column.at("first_quartile").get<double>() == numbers.first_quartile);
}

TEST_CASE("what is not defined is null") {
  Analysis analysis = full_analysis();
  analysis.columns[1].numbers->variance.reset();
  analysis.columns[1].numbers->robust.reset();
  analysis.missing_map.reset();
  const json report = parsed(analysis);
  CHECK(report.at("columns").at(1).at("numbers").at("variance").is_null());
  CHECK(report.at("columns").at(1).at("numbers").at("robust").is_null());
  CHECK(report.at("columns").at(0).at("numbers").is_null());
  CHECK(report.at("missing_map").is_null());
  CHECK(report.at("series").at(1).at("value").is_null());
}

TEST_CASE("columns are given by name") {
  const json report = parsed(full_analysis());
  CHECK(report.at("relations").at("pairs").at(0).at("first") == "visitors");
  CHECK(report.at("relations").at("pairs").at(0).at("second") == "revenue");
  CHECK(report.at("series").at(0).at("date") == "date");
  CHECK(report.at("series").at(0).at("value") == "visitors");
  CHECK(report.at("insights").at(1).at("columns") == json({"date", "visitors"}));
  CHECK(report.at("missing_map").at("columns") == json({"temperature", "rain (mm)", "remark", "unused"}));
}

TEST_CASE("evidence is an anchor of the page") {
  const json report = parsed(full_analysis());
  CHECK(report.at("insights").at(0).at("evidence") == "relation-1");
  CHECK(report.at("insights").at(1).at("evidence") == "series-1");
  CHECK(report.at("insights").at(2).at("evidence") == "column-3");
  CHECK(report.at("quality").at(0).at("evidence") == "quality");
}

TEST_CASE("moments are RFC 3339 text, and edges of dates too") {
  const json report = parsed(full_analysis());
  CHECK(report.at("columns").at(0).at("dates").at("min") == "2023-01-01T00:00:00Z");
  CHECK(report.at("columns").at(0).at("distribution").at("edges").at(0) == "2023-01-01T00:00:00Z");
  CHECK(report.at("series").at(0).at("steps").at(1).at("start") == "2023-01-02T00:00:00Z");
  CHECK(rfc3339_text(-1) == "1969-12-31T23:59:59.999999Z");
  CHECK(rfc3339_text(1'500'000) == "1970-01-01T00:00:01.500000Z");
  CHECK(rfc3339_text(std::numeric_limits<std::int64_t>::max()) == "9999-12-31T23:59:59.999999Z");
  CHECK(rfc3339_text(std::numeric_limits<std::int64_t>::min()) == "0000-01-01T00:00:00Z");
}

TEST_CASE("a customer's text survives the JSON, with controls and direction marks as escapes") {
  const Analysis analysis = hostile_analysis(60);
  const std::string text = json_report(analysis);
  CHECK(json::parse(text).at("columns").at(7).at("name") == analysis.columns[7].name);
  CHECK(json::parse(text).at("insights").at(20).at("caveat") == analysis.insights[20].caveat);
  for (const char* mark : {"\x1B", "\x01", "\u202E"}) CHECK(text.find(mark) == std::string::npos);
  CHECK(text.find("\\u202e\\u001b\\u0001") != std::string::npos);
}

TEST_CASE("the JSON is valid UTF-8 for any text") {
  Analysis analysis = full_analysis();
  analysis.columns[0].name = "naïve 日本語 🦉 \x7F\u2028";
  CHECK(parsed(analysis).at("columns").at(0).at("name") == analysis.columns[0].name);
}
