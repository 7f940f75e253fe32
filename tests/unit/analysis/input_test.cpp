#include "tests/unit/analysis/analyzed.hpp"

using namespace circuit::analysis;
using namespace std::string_literals;

TEST_CASE("a file without data is refused with a reason") {
  CHECK(refused("").code == "input_empty");
  CHECK(refused(" \r\n\t\n").code == "input_empty");
  CHECK(refused("\xEF\xBB\xBF").code == "input_empty");
  CHECK(refused("a,b\n").code == "csv_no_rows");
}

TEST_CASE("what is not text is refused with a reason") {
  CHECK(refused("a,b\n1,\0\n"s).code == "input_binary");
  CHECK(refused("PK\x03\x04 zipped").code == "input_not_csv");
  CHECK(refused("%PDF-1.7").code == "input_not_csv");
  CHECK(refused("\xFF\xFE"s + "a\0,\0b\0"s).code == "input_not_utf8");
}

TEST_CASE("the line of the first wrong byte is named") {
  const Failure failure = refused("name,x\ncaf\xE9,1\n");
  CHECK(failure.code == "input_not_utf8");
  CHECK(failure.message.find("line 2") != std::string::npos);
}

TEST_CASE("the line of a quote that is never closed is named") {
  const Failure failure = refused("a,b\r\n1,2\r\n3,\"4\r\n5,6\r\n");
  CHECK(failure.code == "csv_quote_unclosed");
  CHECK(failure.message.find("line 3") != std::string::npos);
}

TEST_CASE("a byte order mark is not part of the first name") {
  CHECK(analyzed("\xEF\xBB\xBF"
                 "a,b\n1,2\n")
            .column(0)
            .at("name") == "a");
  CHECK(analyzed("\xEF\xBB\xBF\"a\",b\n1,2\n").column(0).at("name") == "a");
}

TEST_CASE("ragged rows are counted by kind") {
  const Analyzed result = analyzed("a,b,c\n1,2,3\n1,2\n1\n1,2,3,4\n1,2,3\n1,2,3\n");
  const auto& file = result.json.at("file");
  CHECK(file.at("rows") == 6);
  CHECK(file.at("columns") == 3);
  CHECK(file.at("short_rows") == 2);
  CHECK(file.at("long_rows") == 1);
  CHECK(file.at("ragged_rows") == 3);
  CHECK(result.column(2).at("missing") == 2);
  CHECK(result.notes().find("2 rows have fewer values") != std::string::npos);
}

TEST_CASE("a header with too few names is pointed out") {
  const Analyzed result = analyzed("a,b\n1,2,3\n4,5,6\n");
  CHECK(result.column(2).at("name") == "column_3");
  CHECK(result.notes().find("names 2 columns, but most rows have 3") != std::string::npos);
}

TEST_CASE("a file without a header keeps its first row as data") {
  const Analyzed result = analyzed("1,2\n3,4\n");
  CHECK(result.json.at("file").at("has_header") == false);
  CHECK(result.json.at("file").at("rows") == 2);
  CHECK(result.column(1).at("name") == "column_2");
  CHECK(analyzed("42").json.at("file").at("rows") == 1);
}

TEST_CASE("input above the limit is refused, at the limit it is not") {
  Limits limits;
  limits.input_bytes_max = 4;
  CHECK(refused("a\n10\n", limits).code == "input_too_large");
  CHECK(analyzed("a\n1\n", limits).json.at("file").at("bytes") == 4);
}

TEST_CASE("rows beyond the limit are left out with a note") {
  Limits limits;
  limits.rows_max = 2;
  const Analyzed result = analyzed("a\n1\n2\n3\n4\n", limits);
  CHECK(result.column(0).at("max") == 2);
  CHECK(result.notes().find("first 2 of 4") != std::string::npos);
}

TEST_CASE("columns beyond the limit are left out with a note, and rows of full width are not ragged") {
  Limits limits;
  limits.columns_max = 2;
  const Analyzed result = analyzed("a,b,c,d\n1,2,3,4\n5,6,7,8\n", limits);
  CHECK(result.json.at("columns").size() == 2);
  CHECK(result.json.at("file").at("ragged_rows") == 0);
  CHECK(result.notes().find("the last 2 are left out") != std::string::npos);
}

TEST_CASE("too many distinct values give a lower bound with a note") {
  Limits limits;
  limits.distinct_max = 2;
  const Analyzed result = analyzed("a,n\nx,1\ny,2\nz,3\nx,4\n", limits);
  CHECK(result.column(0).at("distinct") == 2);
  CHECK(result.column(0).at("distinct_is_exact") == false);
  CHECK(result.notes().find("more than 2 different values") != std::string::npos);
  CHECK(result.text.find("over 2 distinct") != std::string::npos);
}

TEST_CASE("only the first columns of a very wide table are correlated, with a note") {
  std::string names;
  std::string values;
  for (int i = 0; i < 70; ++i) {
    names += (i == 0 ? "c" : ",c") + std::to_string(i);
    values += (i == 0 ? "" : ",") + std::to_string(i);
  }
  std::string csv = names + "\n" + values + "\n";
  for (int i = 0; i < 3; ++i) csv += std::to_string(i) + values.substr(1) + "\n";
  CHECK(analyzed(csv).notes().find("first 64 of 70 numeric columns") != std::string::npos);
}

TEST_CASE("a wide header above millions of short rows costs no memory per missing cell") {
  std::string csv = "a";
  for (int i = 0; i < 999; ++i) csv += ",b";
  csv += "\n";
  for (int i = 0; i < 200'000; ++i) csv += "x\n";
  const Analyzed result = analyzed(csv);
  CHECK(result.json.at("file").at("short_rows") == 200'000);
  CHECK(result.column(999).at("missing") == 200'000);
}
