#include "workers/fulfillment/analysis/reading/dialect.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace circuit::analysis;

namespace {

struct Detected : Dialect {
  std::vector<std::vector<std::string>> records;
};

Detected detect(std::string_view text, std::size_t window_bytes = TextWindow::usual_bytes) {
  MemorySource source(text);
  TextWindow window(source, {}, window_bytes);
  Sample sample;
  Detected result{detect_dialect(window, sample), {}};
  for (const auto& record : sample.records) result.records.emplace_back(record.begin(), record.end());
  // Nothing is consumed.
  CHECK((window.failure() || window.text() == text.substr(0, window.text().size())));
  return result;
}

std::string repeated(std::string_view line, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += line;
  return text;
}

}  // namespace

TEST_CASE("comma, semicolon, tab and bar are told apart, with confidence") {
  for (const char delimiter : {',', ';', '\t', '|'}) {
    std::string text = "name,age,city\n" + repeated("Ann,41,Oslo\n", 10);
    std::replace(text.begin(), text.end(), ',', delimiter);
    const Detected dialect = detect(text);
    CHECK(dialect.delimiter == delimiter);
    CHECK(dialect.delimiter_confidence == 1);
    CHECK(dialect.usual_width == 3);
  }
}

TEST_CASE("decimal commas do not hide the semicolon") {
  CHECK(detect("name;price;tax\nx;1,50;0,30\ny;2,50;0,50\n").delimiter == ';');
  CHECK(detect("1,5;2,5\n3,5;4,5\n").delimiter == ';');
  CHECK(detect("price;tax\n" + repeated("1.234,50;0,30\n", 50)).delimiter == ';');
}

TEST_CASE("a header counts for more than the rows below it") {
  CHECK(detect("name;price\n" + repeated("x;1,50\n", 8) + "y;2,50;more\nz;3,50;more\n").delimiter == ';');
}

TEST_CASE("delimiters inside of quotes do not count") {
  CHECK(detect("a,b\n\"x;y;z\",1\n\"p;q;r\",2\n").delimiter == ',');
  CHECK(detect("a;b\n\"x,y\";1\n\"p,q\";2\n").delimiter == ';');
}

TEST_CASE("a few ragged rows take little of the confidence") {
  const Detected dialect = detect("a,b,c\n1,2,3\n4,5\n6,7,8\n9,10,11,12\n");
  CHECK(dialect.delimiter == ',');
  CHECK(dialect.usual_width == 3);
  CHECK(dialect.delimiter_confidence == Approx(0.6));
}

TEST_CASE("two delimiters that fit as well as each other leave little confidence") {
  const Detected dialect = detect("a,b;c\n1,2;3\n4,5;6\n");
  CHECK(dialect.delimiter_confidence < 0.75);
}

TEST_CASE("decimal commas in every row put no doubt on semicolons that the header bears out") {
  const Detected dialect = detect("price;weight\n1,5;2,5\n3,5;4,5\n5,5;6,5\n");
  CHECK(dialect.delimiter == ';');
  CHECK(dialect.delimiter_confidence > 0.85);
}

TEST_CASE("a single column is a comma file of width one") {
  const Detected dialect = detect("height\n1.5\n1.75\n");
  CHECK(dialect.delimiter == ',');
  CHECK(dialect.delimiter_confidence == 1);
  CHECK(dialect.usual_width == 1);
  CHECK(dialect.has_header);
}

TEST_CASE("prose is no table that anyone could be sure of") {
  const Detected dialect = detect(
      "Dear all,\n\nthank you for coming; it was, as always, a pleasure.\nThere is more to say, but\nnot "
      "today.\nYours, "
      "truly and for ever, Ann\n");
  CHECK(dialect.delimiter_confidence < 0.5);
}

TEST_CASE("a record that the sample cuts in two does not count") {
  const Detected dialect = detect("a;b;c\n1;" + std::string(100'000, 'x') + ";3\n");
  CHECK(dialect.delimiter == ';');
  CHECK(dialect.usual_width == 3);
}

TEST_CASE("a first line longer than the window is read to its end") {
  std::string header = "c0";
  std::string row = "0";
  for (int i = 1; i < 100'000; ++i) {
    header += ";c" + std::to_string(i);
    row += ";1";
  }
  const Detected dialect = detect(header + "\n" + row + "\n");
  CHECK(dialect.delimiter == ';');
  CHECK(dialect.usual_width == 100'000);
  CHECK(dialect.has_header);
  CHECK(dialect.records.front().size() == 1000);
}

TEST_CASE("a quote that is never closed does not hide the delimiter") {
  CHECK(detect("a;b;c\n1;2;3\n\"4;5;6\n7;8;9\n").delimiter == ';');
  CHECK(detect("\"a;b;c\n" + repeated("1;2;3\n", 20'000)).delimiter == ';');
  CHECK(detect("\"a;b;c\n" + repeated("1;2;3\n", 20'000)).usual_width == 3);
}

TEST_CASE("comments are no records, however many") {
  const Detected dialect = detect(repeated("# a, b, c, d\n", 30) + "a,b\n#1,x\n2,y\n# end\n");
  CHECK(dialect.usual_width == 2);
  CHECK(dialect.records == std::vector<std::vector<std::string>>{{"a", "b"}, {"#1", "x"}, {"2", "y"}});
}

TEST_CASE("a quoted cell that begins with # is no comment") {
  CHECK(detect("a,b,c\n1,2,3\n\"#4\",5\n").records.size() == 3);
}

TEST_CASE("a column of values that begin with # keeps them") {
  CHECK(detect("colour,n\n#f00,1\n#0f0,2\n").records.size() == 3);
  CHECK(detect("tag\n#love\n#peace\n").records.size() == 3);
}

TEST_CASE("a title above the table is a preamble") {
  const Detected dialect = detect("Sales of March\n\nname,amount\nAnn,12\nBob,15\n");
  CHECK(dialect.preamble_records == 1);
  CHECK(dialect.has_header);
  CHECK(dialect.records.front() == std::vector<std::string>{"name", "amount"});
}

TEST_CASE("a title with the table's delimiters behind it is a preamble") {
  const Detected dialect = detect("Sales of March,,\nname,amount,tax\nAnn,12,1\nBob,15,2\n");
  CHECK(dialect.preamble_records == 1);
  CHECK(dialect.records.front() == std::vector<std::string>{"name", "amount", "tax"});
}

TEST_CASE("a short record above a clear header is a preamble, above data it is a header") {
  CHECK(detect("Sales, March\nname,amount,tax\nAnn,12,1\nBob,15,2\n").preamble_records == 1);
  const Detected dialect = detect("a,b\n1,2,3\n4,5,6\n");
  CHECK(dialect.preamble_records == 0);
  CHECK(dialect.has_header);
  CHECK(dialect.header_width == 2);
}

TEST_CASE("a first row of data with one value is no title") {
  CHECK(detect("1,,\n2,5,6\n3,7,8\n").preamble_records == 0);
  CHECK(detect("Ann,\nBob,5\n").preamble_records == 0);
}

TEST_CASE("a table of one column has no preamble") { CHECK(detect("Title\nname\nAnn\n").preamble_records == 0); }

TEST_CASE("a delimiter at the end of the header alone names no column") {
  CHECK(detect("a,b,\n1,2\n3,4\n").header_width == 2);
  CHECK(detect("a,b,\n1,2,3\n3,4,5\n").header_width == 3);
  CHECK(detect("a,b,c\n1,2\n3,4\n").header_width == 3);
}

TEST_CASE("a file of nothing has no records") {
  CHECK(detect("").records.empty());
  CHECK(detect("\n \n\r\n").records.empty());
  CHECK(detect("# only\n# comments\n").records.empty());
}

TEST_CASE("a dialect is found through a window of any size") {
  const std::string text = "Title\nname;price\n" + repeated("x;1,50\n\"y\ny\";2,50\n", 20);
  for (std::size_t size = TextWindow::bytes_min; size < text.size(); size += 7) {
    const Detected dialect = detect(text, size);
    REQUIRE(dialect.delimiter == ';');
    REQUIRE(dialect.preamble_records == 1);
    REQUIRE(dialect.records.size() == 41);
  }
}
