#include "workers/fulfillment/analysis/dialect.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "workers/fulfillment/analysis/header.hpp"

using namespace circuit::analysis;

TEST_CASE("comma, semicolon, tab and bar are told apart") {
  CHECK(detect_dialect("a,b\n1,2\n").delimiter == ',');
  CHECK(detect_dialect("a;b\n1;2\n").delimiter == ';');
  CHECK(detect_dialect("a\tb\n1\t2\n").delimiter == '\t');
  CHECK(detect_dialect("a|b\n1|2\n").delimiter == '|');
}

TEST_CASE("decimal commas do not hide the semicolon") {
  CHECK(detect_dialect("name;price;tax\nx;1,50;0,30\ny;2,50;0,50\n").delimiter == ';');
  CHECK(detect_dialect("1,5;2,5\n3,5;4,5\n").delimiter == ';');
}

TEST_CASE("a header counts for more than the rows below it") {
  std::string text = "name;price\n";
  for (int i = 0; i < 8; ++i) text += "x;1,50\n";
  CHECK(detect_dialect(text + "y;2,50;more\nz;3,50;more\n").delimiter == ';');
}

TEST_CASE("delimiters inside quotes do not count") {
  CHECK(detect_dialect("a,b\n\"x;y;z\",1\n\"p;q;r\",2\n").delimiter == ',');
}

TEST_CASE("a few ragged rows do not change the delimiter or the usual width") {
  const Dialect dialect = detect_dialect("a,b,c\n1,2,3\n4,5\n6,7,8\n9,10,11,12\n");
  CHECK(dialect.delimiter == ',');
  CHECK(dialect.usual_width == 3);
}

TEST_CASE("a single column is a comma file of width one") {
  const Dialect dialect = detect_dialect("height\n1.5\n1.75\n");
  CHECK(dialect.delimiter == ',');
  CHECK(dialect.usual_width == 1);
  CHECK(dialect.has_header);
}

TEST_CASE("a record that the sample cuts in two does not count") {
  const Dialect dialect = detect_dialect("a;b;c\n1;" + std::string(100'000, 'x') + ";3\n");
  CHECK(dialect.delimiter == ';');
  CHECK(dialect.usual_width == 3);
}

TEST_CASE("text above numbers is a header") { CHECK(detect_dialect("name,age\nAnn,41\nBob,29\n").has_header); }

TEST_CASE("a number, a date or a truth value in the first row makes it data") {
  CHECK_FALSE(detect_dialect("Ann,41\nBob,29\n").has_header);
  CHECK_FALSE(detect_dialect("2020-01-01,x\n2020-01-02,y\n").has_header);
  CHECK_FALSE(detect_dialect("true,x\nfalse,y\n").has_header);
}

TEST_CASE("years that follow each other name columns") {
  CHECK(detect_dialect("country,2019,2020,2021\nFrance,1.5,2.5,3.5\n").has_header);
  CHECK_FALSE(detect_dialect("Ann,1987,2005\nBob,1990,2011\n").has_header);
}

TEST_CASE("among nothing but text, a first row whose value comes again is data") {
  CHECK(detect_dialect("city,weather\nOslo,snow\nRome,sun\n").has_header);
  CHECK_FALSE(detect_dialect("Oslo,snow\nRome,sun\nBonn,snow\n").has_header);
}

TEST_CASE("a missing value above numbers is no name") {
  CHECK_FALSE(detect_dialect("Ann,NA\nBob,5\nAnn,7\n").has_header);
}

TEST_CASE("an empty name beside others is still a header") { CHECK(detect_dialect(",a,b\n0,1,2\n1,3,4\n").has_header); }

TEST_CASE("every column gets a name of its own") {
  const std::string_view header[] = {"a", "", " a ", "a_2", "a"};
  CHECK(unique_names(header, 6) == std::vector<std::string>{"a", "column_2", "a_3", "a_2", "a_4", "column_6"});
}

TEST_CASE("a generated name does not take a given one") {
  const std::string_view header[] = {"column_2", ""};
  CHECK(unique_names(header, 2) == std::vector<std::string>{"column_2", "column_2_2"});
}
