#include "workers/fulfillment/analysis/reading/record_splitter.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tests/unit/analysis/reading/split_text.hpp"

using namespace circuit::analysis;

namespace {

Rows rows(std::string_view text, char delimiter = ',') { return split_text(text, delimiter).rows; }

}  // namespace

TEST_CASE("LF, CRLF and a lone CR all end a record") {
  CHECK(rows("a,b\nc,d\r\ne,f\rg,h") == Rows{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", "h"}});
}

TEST_CASE("a file with and without a last line end is the same") {
  for (const char* end : {"\n", "\r\n", "\r"}) CHECK(rows(std::string("a,b") + end) == rows("a,b"));
}

TEST_CASE("a quoted field may hold delimiters, quotes and line ends") {
  CHECK(rows("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\nx,y,z") ==
        Rows{{"a,b", "say \"hi\"", "two\r\nlines"}, {"x", "y", "z"}});
}

TEST_CASE("a field of nothing but escaped quotes is read") {
  CHECK(rows("\"\"\"\",\"\",\"\"\"\"\"\"") == Rows{{"\"", "", "\"\""}});
}

TEST_CASE("a quote inside of a bare field is an ordinary character") {
  const SplitText result = split_text("5\" pipe,x\n6\"\",\"y\"\n");
  CHECK(result.rows == Rows{{"5\" pipe", "x"}, {"6\"\"", "y"}});
  CHECK(result.stray_quotes == 0);
  CHECK(result.unclosed_quotes == 0);
}

TEST_CASE("text behind a closing quote is kept and counted") {
  const SplitText result = split_text("\"a\"\"b\"c,d\n\"x\" \"y\",z\n");
  CHECK(result.rows == Rows{{"a\"bc", "d"}, {"x \"y\"", "z"}});
  CHECK(result.stray_quotes == 2);
}

TEST_CASE("spaces around a quoted field are no part of it") {
  const SplitText result = split_text("1, \"Smith, John\" ,  \"say \"\"hi\"\"\"\t,2\n");
  CHECK(result.rows == Rows{{"1", "Smith, John", "say \"hi\"", "2"}});
  CHECK(result.stray_quotes == 0);
}

TEST_CASE("spaces around a bare field stay") { CHECK(rows(" a , b\n") == Rows{{" a ", " b"}}); }

TEST_CASE("a delimiter at the end of a line or of the file makes an empty field") {
  CHECK(rows("a,\n,b\nc,") == Rows{{"a", ""}, {"", "b"}, {"c", ""}});
  CHECK(rows(",") == Rows{{"", ""}});
}

TEST_CASE("blank lines are counted and are no records") {
  const SplitText result = split_text("\n\r\n \t\na,b\n\nc,d\n\r  ");
  CHECK(result.rows == Rows{{"a", "b"}, {"c", "d"}});
  CHECK(result.blank_lines == 6);
}

TEST_CASE("a line of nothing but delimiters is a record, even if they are tabs") {
  CHECK(rows(",,\n") == Rows{{"", "", ""}});
  CHECK(rows("\t\t\n", '\t') == Rows{{"", "", ""}});
  CHECK(rows(" \t \n", '\t') == Rows{{" ", " "}});
}

TEST_CASE("a quote that is never closed is read as an ordinary character") {
  const SplitText result = split_text("a,b\nc,\"d\ne,f\n\"g\",h\n\"\"i,j");
  // The first one is closed by the next quote, so that all up to there is one field; that is what RFC 4180 says.
  CHECK(result.rows == Rows{{"a", "b"}, {"c", "d\ne,f\ng\"", "h"}, {"i", "j"}});
  CHECK(split_text("a,b\nc,\"d\ne,f\n").rows == Rows{{"a", "b"}, {"c", "\"d"}, {"e", "f"}});
  CHECK(split_text("a,b\nc,\"d\ne,f\n").unclosed_quotes == 1);
  CHECK(split_text("\"").rows == Rows{{"\""}});
  CHECK(split_text("\"a\"\"").rows == Rows{{"\"a\"\""}});
  CHECK(split_text("x, \"y\n").rows == Rows{{"x", " \"y"}});
}

TEST_CASE("only one quote of a file can be unclosed, so that reading again costs little") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "\"\"\"a,\"\"b,\"\"\n";
  CHECK(split_text("x,\"" + text).unclosed_quotes <= 1);
}

TEST_CASE("a record whose end is not seen is not complete") {
  const auto rest = [](std::string_view text) { return split_text(text, ',', false).rest; };
  CHECK(rest("a,b\nc,d") == 3);
  CHECK(rest("a,b\nc,d\n") == 0);
  CHECK(rest("a,b\nc,") == 2);
  CHECK(rest("a,b\n\"c\"") == 3);       // the quote may be the first of a pair
  CHECK(rest("a,b\n\"c\nd,e\n") == 7);  // the quote may be closed
  CHECK(rest("a,b\r") == 4);            // the line feed may come
  CHECK(rest("a,b\n\r") == 1);
  CHECK(rest("a,b\n  ") == 2);
}

TEST_CASE("a record that is taken back is as if it had not been read") {
  const std::string text = "#\"a\",\"b\"c,d\n1,2\n" + std::string(TextWindow::padding_bytes, '\0');
  Arena arena;
  RecordSplitter splitter({text.data(), text.size() - TextWindow::padding_bytes}, true, ',', arena);
  const auto ignore = [](std::string_view) {};
  REQUIRE(splitter.next(ignore) == RecordSplitter::Result::record);
  CHECK(splitter.stray_quotes() == 1);
  splitter.take_back();
  CHECK(splitter.at() == 0);
  CHECK(splitter.stray_quotes() == 0);
  splitter.skip_line();
  std::vector<std::string> row;
  REQUIRE(splitter.next([&](std::string_view field) { row.emplace_back(field); }) == RecordSplitter::Result::record);
  CHECK(row == std::vector<std::string>{"1", "2"});
}

TEST_CASE("fields stay where they are while the splitter goes on") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "\"" + std::to_string(i) + "\"\"\"\n";
  const std::size_t size = text.size();
  text.append(TextWindow::padding_bytes, '\0');
  Arena arena;
  RecordSplitter splitter({text.data(), size}, true, ',', arena);
  std::vector<std::string_view> kept;
  while (!splitter.is_done()) (void)splitter.next([&](std::string_view field) { kept.push_back(field); });
  REQUIRE(kept.size() == 5000);
  CHECK(kept.front() == "0\"");
  CHECK(kept.back() == "4999\"");
}

TEST_CASE("what is written by RFC 4180 is read back, whatever it holds") {
  std::mt19937 random(1);
  const std::string_view letters = "a,;\"\n\r# \t";
  for (int round = 0; round < 300; ++round) {
    Rows written;
    std::string text;
    for (unsigned row = 0; row < 1 + random() % 9; ++row) {
      written.emplace_back();
      for (unsigned column = 0; column < 3; ++column) {
        std::string field;
        for (std::size_t length = random() % (random() % 20 == 0 ? 200 : 6); field.size() < length;)
          field += letters[random() % letters.size()];
        text += column == 0 ? "\"" : ",\"";
        for (const char c : field) text += c == '"' ? "\"\"" : std::string(1, c);
        text += '"';
        written.back().push_back(field);
      }
      text += random() % 2 == 0 ? "\n" : "\r\n";
    }
    REQUIRE(rows(text) == written);
  }
}
