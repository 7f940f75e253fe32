#include "workers/fulfillment/analysis/reading/csv_reader.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "tests/unit/analysis/reading/gzip.hpp"
#include "tests/unit/analysis/reading/split_text.hpp"

using namespace circuit::analysis;

namespace {

struct Everything {
  Rows rows;
  std::vector<std::string> header;
  std::vector<std::uint64_t> hashes;
  ReadingCounts counts;
  std::size_t blocks = 0;
  std::string failure;
};

// With these many columns.
Everything read(std::string_view bytes, const Dialect& dialect, std::size_t columns,
                std::size_t window_bytes = TextWindow::usual_bytes, const Limits& limits = {}) {
  MemorySource source(bytes);
  TextWindow window(source, limits, window_bytes);
  CsvReader reader(window, dialect, std::max(dialect.usual_width, dialect.header_width));
  CellBlock block(columns);
  Everything result;
  for (; reader.next(block); ++result.blocks)
    for (std::size_t row = 0; row < block.rows(); ++row) {
      result.rows.emplace_back();
      for (std::size_t i = 0; i < columns; ++i) {
        const std::string_view cell = i < block.width() ? block.column(i)[row] : std::string_view{};
        result.rows.back().emplace_back(cell.data() == nullptr ? "(none)" : cell);
      }
      result.hashes.push_back(block.hashes()[row]);
    }
  result.header = reader.header();
  result.counts = reader.counts();
  if (window.failure()) result.failure = window.failure()->code;
  return result;
}

Dialect plain(std::size_t width, bool has_header = false) {
  Dialect dialect;
  dialect.usual_width = width;
  dialect.has_header = has_header;
  dialect.header_width = has_header ? width : 0;
  return dialect;
}

void check_same(const Everything& a, const Everything& b) {
  REQUIRE((a.rows == b.rows));
  REQUIRE(a.header == b.header);
  REQUIRE((a.hashes == b.hashes));
  REQUIRE(a.counts.rows == b.counts.rows);
  REQUIRE(a.counts.short_rows == b.counts.short_rows);
  REQUIRE(a.counts.long_rows == b.counts.long_rows);
  REQUIRE(a.counts.ragged_lines == b.counts.ragged_lines);
  REQUIRE(a.counts.blank_lines == b.counts.blank_lines);
  REQUIRE(a.counts.comment_lines == b.counts.comment_lines);
  REQUIRE(a.counts.stray_quotes == b.counts.stray_quotes);
  REQUIRE(a.counts.unclosed_quotes == b.counts.unclosed_quotes);
}

// All that can be cut in two, in one file.
std::string everything(const std::string& end) {
  return "Title" + end + "# a comment, with delimiters" + end + "a,b,c" + end + "1,\"x,\"\"y\"\"" + end + "z\",3" +
         end + "   " + end + end + "é,€,😀" + end + "#short" + end + "4,5" + end + "\"6\" ,\"7\"tail, \"8\"" + end +
         "9,10,11,12" + end + "#1,\"a,b\",c" + end + ",," + end + "\"" + end + "\",\"\"\"\",\"\"" + end;
}

Dialect of_everything() {
  Dialect dialect = plain(3, true);
  dialect.preamble_records = 1;
  return dialect;
}

}  // namespace

TEST_CASE("a file is read with all that is not as one would expect") {
  const Everything result = read(everything("\n"), of_everything(), 3);
  CHECK(result.header == std::vector<std::string>{"a", "b", "c"});
  CHECK(result.rows == Rows{{"1", "x,\"y\"\nz", "3"},
                            {"é", "€", "😀"},
                            {"4", "5", "(none)"},
                            {"6", "7tail", "8"},
                            {"9", "10", "11"},
                            {"#1", "a,b", "c"},
                            {"", "", ""},
                            {"\n", "\"", ""}});
  CHECK(result.counts.rows == 8);
  CHECK(result.counts.short_rows == 1);
  CHECK(result.counts.long_rows == 1);
  CHECK(result.counts.ragged_lines == std::vector<std::size_t>{10, 12});
  CHECK(result.counts.blank_lines == 2);
  CHECK(result.counts.comment_lines == 2);
  CHECK(result.counts.stray_quotes == 1);
  CHECK(result.counts.unclosed_quotes == 0);
}

TEST_CASE("a file is read the same through a window of any size") {
  for (const char* end : {"\n", "\r\n", "\r"})
    for (const char* last : {"", "x,\"y\",z", "x,\"unclosed", "# comment", "   "}) {
      const std::string text = everything(end) + last;
      const Everything whole = read(text, of_everything(), 3);
      for (std::size_t size = TextWindow::bytes_min; size < 2 * text.size() + 2; ++size)
        check_same(read(text, of_everything(), 3, size), whole);
    }
}

TEST_CASE("compressed text is read the same") {
  const std::string text = everything("\r\n");
  check_same(read(gzipped(text), of_everything(), 3, 32), read(text, of_everything(), 3));
}

TEST_CASE("random text is read the same through a window of any size") {
  std::mt19937 random(7);
  const std::string_view letters = "a1,,\"\"\n\n\r #";
  for (int round = 0; round < 300; ++round) {
    std::string text;
    const std::size_t size = random() % 200;
    while (text.size() < size) text += letters[random() % letters.size()];
    Dialect dialect = plain(2, round % 2 == 0);
    dialect.preamble_records = random() % 2;
    const Everything whole = read(text, dialect, 2);
    for (const std::size_t window : {16, 17, 19, 23, 32, 64}) check_same(read(text, dialect, 2, window), whole);
  }
}

TEST_CASE("line ends do not make other rows of the same cells") {
  CHECK(read(everything("\n"), of_everything(), 3).hashes[1] == read(everything("\r\n"), of_everything(), 3).hashes[1]);
}

TEST_CASE("rows are told apart by their bytes") {
  const Everything result = read("1,2\n1,2\n1,3\n\"1\",2\n", plain(2), 2);
  CHECK(result.hashes[0] == result.hashes[1]);
  CHECK(result.hashes[0] != result.hashes[2]);
  CHECK(result.hashes[0] != result.hashes[3]);
}

TEST_CASE("a block holds as many records as it has room for, and the next one the others") {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += std::to_string(i) + "\n";
  const Everything result = read(text, plain(1), 1);
  REQUIRE(result.rows.size() == 10'000);
  CHECK(result.blocks == 5);
  CHECK(result.rows.back().front() == "9999");
}

TEST_CASE("cells beyond the columns that are kept make no row ragged") {
  const Everything result = read("1,2,3\n4,5,6\n", plain(3), 2);
  CHECK(result.rows == Rows{{"1", "2"}, {"4", "5"}});
  CHECK(result.counts.long_rows == 0);
  CHECK(result.counts.short_rows == 0);
}

TEST_CASE("the lines of the first five ragged rows are kept, as an editor counts them") {
  std::string text = "a,b\n\"two\nlines\",1\n";
  for (int i = 0; i < 10; ++i) text += "x\n";
  const Everything result = read(text, plain(2, true), 2, 16);
  CHECK(result.counts.short_rows == 10);
  CHECK(result.counts.ragged_lines == std::vector<std::size_t>{4, 5, 6, 7, 8});
}

TEST_CASE("a line that begins with # is a comment unless it has the usual fields") {
  const Everything result = read("# id,x\n#1,red\n#2,\"a,b\"\n# note\n#3,\"two\nlines\"\n#\n", plain(2), 2);
  CHECK(result.rows == Rows{{"# id", "x"}, {"#1", "red"}, {"#2", "a,b"}, {"#3", "two\nlines"}});
  CHECK(result.counts.comment_lines == 2);
}

TEST_CASE("in a table of one column, a comment has a space behind its #") {
  const Everything result = read("# temperatures, of 2020\n#\n#FF0000\n#love\n", plain(1), 1);
  CHECK(result.rows == Rows{{"#FF0000"}, {"#love"}});
  CHECK(result.counts.comment_lines == 2);
}

TEST_CASE("a comment with a quote takes no other line with it") {
  const Everything result = read("# a,b,\"here\n1,2\n3,\"4\"\n", plain(2), 2);
  CHECK(result.rows.size() == 2);
  CHECK(result.counts.comment_lines == 1);
}

TEST_CASE("a quote that is never closed is recovered at the end of the file") {
  std::string text = "a,b\n1,\"oops\n";
  for (int i = 0; i < 5000; ++i) text += std::to_string(i) + ",x\n";
  const Everything result = read(text, plain(2, true), 2, 1000);
  CHECK(result.counts.unclosed_quotes == 1);
  REQUIRE(result.rows.size() == 5001);
  CHECK(result.rows[0] == std::vector<std::string>{"1", "\"oops"});
  CHECK(result.rows[5000] == std::vector<std::string>{"4999", "x"});
}

TEST_CASE("a record beyond the limit ends the reading with its failure") {
  Limits limits;
  limits.record_bytes_max = 1000;
  CHECK(read("a,b\n1,\"" + std::string(5000, 'x') + "\n", plain(2, true), 2, 100, limits).failure == "record_too_long");
}

TEST_CASE("a file of a header, of blank lines or of comments alone has no rows") {
  CHECK(read("a,b\n", plain(2, true), 2).rows.empty());
  CHECK(read("\n\r\n  \n", plain(2), 2).rows.empty());
  CHECK(read("# a\n# b", plain(2), 2).rows.empty());
  CHECK(read("", plain(2), 2).rows.empty());
}
