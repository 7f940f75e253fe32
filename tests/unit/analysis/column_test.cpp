#include "tests/unit/analysis/analyzed.hpp"

using namespace circuit::analysis;

namespace {

std::string type_of(std::string_view cells) {
  return analyzed("key,value\n" + std::string(cells)).column(1).at("type");
}

}  // namespace

TEST_CASE("a column has a type if all of its values have it") {
  CHECK(type_of("a,1\nb,2\n") == "integer");
  CHECK(type_of("a,1\nb,2.5\n") == "real");
  CHECK(type_of("a,1\nb,1e3\n") == "real");
  CHECK(type_of("a,true\nb,FALSE\n") == "boolean");
  CHECK(type_of("a,2020-01-01\nb,2020-02-01\n") == "date");
  CHECK(type_of("a,\nb,NA\n") == "empty");
  CHECK(type_of("a,red\nb,blue\n") == "text");
  CHECK(type_of("a,red\nb,red\nc,red\nd,blue\n") == "category");
  CHECK(type_of("a,true\nb,yes\n") == "text");
  CHECK(type_of("a,1\nb,2020-01-01\n") == "text");
}

TEST_CASE("missing values do not change the type") {
  CHECK(type_of("a,1\nb,NA\nc,\nd,3\n") == "integer");
  CHECK(type_of("a,1\nb,None\nc,2\n") == "text");
}

TEST_CASE("count and missing add up to the rows") {
  const auto column = analyzed("a,b\n1,2\n3,NA\n4\n5,-\n6,7\n").column(1);
  CHECK(column.at("count") == 2);
  CHECK(column.at("missing") == 3);
}

TEST_CASE("numbers are equal however they are written") {
  const auto column = analyzed("x\n1.0\n1\n1e0\n-0\n0\n").column(0);
  CHECK(column.at("distinct") == 2);
  CHECK(column.at("top_values").at(0) == nlohmann::json{{"value", 1.0}, {"count", 3}});
}

TEST_CASE("the figures of a small column are right") {
  const auto column = analyzed("x\n2\n4\n4\n4\n5\n5\n7\n9\n").column(0);
  CHECK(column.at("min") == 2);
  CHECK(column.at("max") == 9);
  CHECK(column.at("mean") == 5);
  CHECK(column.at("standard_deviation").get<double>() == Approx(2.138089935299395).epsilon(1e-14));
  CHECK(column.at("quartiles") == nlohmann::json{4, 4.5, 5.5});
  CHECK(column.at("distinct") == 5);
}

TEST_CASE("a deviation that does not exist is null") {
  CHECK(analyzed("x,y\n1,a\n,b\n").column(0).at("standard_deviation").is_null());
  CHECK(analyzed("x\n-1.7e308\n1.7e308\n").column(0).at("standard_deviation").is_null());
}

TEST_CASE("spaces around a value are ignored") {
  const auto column = analyzed("x,y\n 1 ,p\n2, p \n\t3\t,p\n").column(0);
  CHECK(column.at("type") == "integer");
  CHECK(analyzed("x,y\n1,p\n2, p \n3,p\n").column(1).at("distinct") == 1);
}

TEST_CASE("a note names the value that keeps a column from being numeric") {
  std::string csv = "x\n";
  for (int i = 0; i < 20; ++i) csv += std::to_string(i) + "\n";
  const Analyzed result = analyzed(csv + "12 kg\n");
  CHECK(result.column(0).at("type") == "text");
  CHECK(result.notes().find("20 of 21 values are numbers, “12 kg” is not") != std::string::npos);
}

TEST_CASE("identifiers too long for exact arithmetic are text, with a note") {
  const Analyzed result = analyzed("id,x\n12345678901234567,1\n12345678901234568,2\n");
  CHECK(result.column(0).at("type") == "text");
  CHECK(result.column(0).at("distinct") == 2);
  CHECK(result.notes().find("beyond 9,007,199,254,740,992") != std::string::npos);
}

TEST_CASE("decimal commas are pointed out") {
  const Analyzed result = analyzed("name;price\na;1,5\nb;2,5\n");
  CHECK(result.column(1).at("type") == "text");
  CHECK(result.notes().find("only a decimal point") != std::string::npos);
}

TEST_CASE("dates have a first, a last, and bins of whole days") {
  const auto column = analyzed("d,x\n2020-01-03,a\n2020-01-01,b\n2020-01-02,c\n").column(0);
  CHECK(column.at("min") == "2020-01-01");
  CHECK(column.at("max") == "2020-01-03");
  CHECK(column.at("histogram").at("edges") == nlohmann::json{"2020-01-01", "2020-01-02", "2020-01-03", "2020-01-04"});
}

TEST_CASE("a moment before 1970 falls into the second that it is in") {
  const auto column = analyzed("t,x\n1969-12-31T23:59:58.5,a\n1970-01-01T00:00:00.5,b\n").column(0);
  CHECK(column.at("histogram").at("edges").at(0) == "1969-12-31T23:59:58");
}

TEST_CASE("dates are compared as moments, not as text") {
  const auto column = analyzed("d,x\n02.01.2020,a\n01.02.2020,b\n31.12.2019,c\n").column(0);
  CHECK(column.at("min") == "31.12.2019");
  CHECK(column.at("max") == "01.02.2020");
}

TEST_CASE("correlations come strongest first, over the rows that both columns have") {
  const auto json = analyzed("a,b,c\n1,1,9\n2,3,\n3,2,1\n4,5,2\n").json;
  const auto& pairs = json.at("correlations");
  REQUIRE(pairs.size() == 3);
  CHECK(pairs[0].at("columns") == nlohmann::json{"a", "c"});
  CHECK(pairs[0].at("n") == 3);
  CHECK(pairs[1].at("columns") == nlohmann::json{"a", "b"});
  CHECK(pairs[1].at("r").get<double>() == Approx(0.8315218406202999).epsilon(1e-13));
  CHECK(pairs[1].at("n") == 4);
}

TEST_CASE("a constant column has no correlation and is counted") {
  const auto json = analyzed("a,b\n1,0.1\n2,0.1\n3,0.1\n").json;
  CHECK(json.at("correlations").empty());
  CHECK(json.at("undefined_correlations") == 1);
}
