#include "workers/fulfillment/analysis/csv.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace circuit::analysis;
using namespace std::string_literals;

namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Read {
  Rows rows;
  std::size_t blank_lines;
  std::size_t stray_quotes;
  std::size_t unclosed_at;
};

Read read(std::string_view text, char delimiter = ',', std::size_t cells_max = 100) {
  Arena arena;
  CsvReader reader(text, delimiter, cells_max, arena);
  Rows rows;
  while (reader.next()) rows.emplace_back(reader.cells().begin(), reader.cells().end());
  return {rows, reader.blank_lines(), reader.stray_quotes(), reader.unclosed_quote_at()};
}

}  // namespace

TEST_CASE("LF, CRLF and a lone CR all end a record") {
  CHECK(read("a,b\nc,d\r\ne,f\rg,h").rows == Rows{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", "h"}});
}

TEST_CASE("a file with and without a last line end is the same") { CHECK(read("a,b\r\n").rows == read("a,b").rows); }

TEST_CASE("a quoted field may hold delimiters, quotes and line ends") {
  CHECK(read("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\nx,y,z").rows ==
        Rows{{"a,b", "say \"hi\"", "two\r\nlines"}, {"x", "y", "z"}});
}

TEST_CASE("a field of nothing but escaped quotes is read") {
  CHECK(read("\"\"\"\",\"\",\"\"\"\"\"\"").rows == Rows{{"\"", "", "\"\""}});
}

TEST_CASE("a quote inside a bare field is an ordinary character") {
  const Read result = read("5\" pipe,x\n");
  CHECK(result.rows == Rows{{"5\" pipe", "x"}});
  CHECK(result.stray_quotes == 0);
}

TEST_CASE("text behind a closing quote is kept and counted") {
  const Read result = read("\"a\"\"b\"c,d\n");
  CHECK(result.rows == Rows{{"a\"bc", "d"}});
  CHECK(result.stray_quotes == 1);
}

TEST_CASE("spaces behind a closing quote are no stray text") {
  const Read result = read("\"a\" ,b\n");
  CHECK(result.rows == Rows{{"a", "b"}});
  CHECK(result.stray_quotes == 0);
}

TEST_CASE("a delimiter at the end of a line or of the file makes an empty field") {
  CHECK(read("a,\n,b\nc,").rows == Rows{{"a", ""}, {"", "b"}, {"c", ""}});
}

TEST_CASE("empty lines are counted and are no records") {
  const Read result = read("\n\r\na,b\n\nc,d\n\n");
  CHECK(result.rows == Rows{{"a", "b"}, {"c", "d"}});
  CHECK(result.blank_lines == 4);
}

TEST_CASE("a quote that is never closed ends the reading and is located") {
  const Read result = read("a,b\nc,\"d\ne,f\n");
  CHECK(result.rows == Rows{{"a", "b"}});
  CHECK(result.unclosed_at == 6);
  CHECK(read("\"").unclosed_at == 0);
  CHECK(read("\"a\"\"").unclosed_at == 0);
}

TEST_CASE("fields beyond the limit are counted, not kept") {
  Arena arena;
  CsvReader reader("a,b,\"c\"\"c\",d\n", ',', 2, arena);
  REQUIRE(reader.next());
  CHECK(reader.cells().size() == 2);
  CHECK(reader.width() == 4);
  CHECK(arena.empty());
}

TEST_CASE("unescaped fields stay where they are while the reader goes on") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "\"" + std::to_string(i) + "\"\"\"\n";
  Arena arena;
  CsvReader reader(text, ',', 10, arena);
  std::vector<std::string_view> kept;
  while (reader.next()) kept.push_back(reader.cells()[0]);
  REQUIRE(kept.size() == 5000);
  CHECK(kept.front() == "0\"");
  CHECK(kept.back() == "4999\"");
}
