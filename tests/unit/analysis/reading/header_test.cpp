#include "workers/fulfillment/analysis/reading/header.hpp"

#include <catch2/catch.hpp>

using namespace circuit::analysis;

namespace {

bool has_header(const Records& records) { return guess_header(records).has_header; }
double confidence(const Records& records) { return guess_header(records).confidence; }

}  // namespace

TEST_CASE("text above numbers is a header") {
  CHECK(has_header({{"name", "age"}, {"Ann", "41"}, {"Bob", "29"}}));
  CHECK(confidence({{"name", "age"}, {"Ann", "41"}, {"Bob", "29"}}) == 0.95);
  CHECK(confidence({{"born", "age"}, {"1979-01-01", "41"}}) == 0.99);
}

TEST_CASE("a number, a code, a date or a truth value in the first row makes it data") {
  CHECK_FALSE(has_header({{"Ann", "41"}, {"Bob", "29"}}));
  CHECK_FALSE(has_header({{"Ann", "00501"}, {"Bob", "00502"}}));
  CHECK_FALSE(has_header({{"2020-01-01", "x"}, {"2020-01-02", "y"}}));
  CHECK_FALSE(has_header({{"true", "x"}, {"false", "y"}}));
  CHECK_FALSE(has_header({{"x", "1.234,5"}, {"y", "2,5"}}));
  CHECK(confidence({{"1", "2"}, {"3", "4"}}) == 0.98);
  CHECK(confidence({{"Ann", "2"}, {"Bob", "4"}}) == 0.85);
}

TEST_CASE("a number above text is data: not all values of a column need look the same") {
  CHECK_FALSE(has_header({{"Ann", "12"}, {"Bob", "14b"}, {"Cid", "16a"}}));
}

TEST_CASE("years in equal steps name columns") {
  CHECK(has_header({{"country", "2019", "2020", "2021"}, {"France", "1.5", "2.5", "3.5"}}));
  CHECK(has_header({{"country", "2021", "2020"}, {"France", "1.5", "2.5"}}));
  CHECK(has_header({{"country", "1990", "2000", "2010"}, {"France", "1.5", "2.5", "3.5"}}));
  CHECK_FALSE(has_header({{"Ann", "1987", "2005"}, {"Bob", "1990", "2011"}}));
  CHECK_FALSE(has_header({{"Ann", "1", "2", "3"}, {"Bob", "4", "5", "6"}}));
  CHECK_FALSE(has_header({{"2019", "2020"}, {"1", "2"}}));
}

TEST_CASE("dates above numbers name columns") {
  CHECK(has_header({{"region", "Jan 2020", "Feb 2020"}, {"North", "5", "6"}}));
  CHECK(has_header({{"region", "1/22/20", "1/23/20"}, {"North", "5", "6"}}));
  CHECK_FALSE(has_header({{"North", "2020-01-01"}, {"South", "2020-01-02"}}));
  CHECK_FALSE(has_header({{"North", "2020-01-01", "5"}, {"South", "7", "6"}}));
}

TEST_CASE("among nothing but text, a first row whose value comes again is data") {
  CHECK(has_header({{"city", "weather"}, {"Oslo", "snow"}, {"Rome", "sun"}}));
  CHECK_FALSE(has_header({{"Oslo", "snow"}, {"Rome", "sun"}, {"Bonn", "snow"}}));
  CHECK(confidence({{"city", "weather"}, {"Oslo", "snow"}}) == 0.7);
}

TEST_CASE("missing values are no names") {
  CHECK_FALSE(has_header({{"Ann", "NA"}, {"Bob", "5"}, {"Ann", "7"}}));
  CHECK_FALSE(has_header({{"", ""}, {"", ""}}));
}

TEST_CASE("an empty name beside others is still a header") { CHECK(has_header({{"", "a"}, {"0", "1"}, {"1", "3"}})); }

TEST_CASE("a lone row of text is a header that may as well be none") {
  CHECK(has_header({{"a", "b"}}));
  CHECK(confidence({{"a", "b"}}) == 0.5);
  CHECK_FALSE(has_header({{"42"}}));
}

TEST_CASE("rows of fewer fields than the first are looked at as far as they go") {
  CHECK(has_header({{"a", "b", "c"}, {"1"}, {"2"}}));
  CHECK_FALSE(has_header({{"a"}, {"a", "b", "c"}}));
}

TEST_CASE("what says a number, a code, a date or a truth is data") {
  for (const char* cell : {"5", "5%", "00501", "1.234,5", "2020-01-01", "31/12/2020", "yes"}) CHECK(is_data(cell));
  for (const char* cell : {"", "NA", "name", "12 kg"}) CHECK_FALSE(is_data(cell));
}

TEST_CASE("every column gets a name of its own") {
  const std::string_view header[] = {"a", "", " a ", "a_2", "a"};
  CHECK(unique_names(header, 6) == std::vector<std::string>{"a", "column_2", "a_3", "a_2", "a_4", "column_6"});
  CHECK(unique_names({}, 2) == std::vector<std::string>{"column_1", "column_2"});
}

TEST_CASE("a generated name does not take a given one") {
  const std::string_view header[] = {"column_2", ""};
  CHECK(unique_names(header, 2) == std::vector<std::string>{"column_2", "column_2_2"});
}

TEST_CASE("names that differ only beyond what is kept of them are told apart") {
  const std::string long_name(300, 'x');
  const std::string a = long_name + "a";
  const std::string b = long_name + "b";
  const std::string_view header[] = {a, b};
  const auto names = unique_names(header, 2);
  CHECK(names[0] != names[1]);
  CHECK(names[0].size() < 210);
}

TEST_CASE("a hundred thousand equal names are told apart soon") {
  const std::vector<std::string_view> header(100'000, "x");
  CHECK(unique_names(header, header.size()).back() == "x_100000");
}
