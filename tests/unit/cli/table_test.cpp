#include "ops/cli/table.hpp"

#include <catch2/catch.hpp>

using namespace circuit::cli;

TEST_CASE("columns line up, and no line ends in spaces") {
  Table table({{"NAME"}, {"SIZE", Align::right}, {"NOTE"}});
  table.add({"a", "1", "first"});
  table.add({"longer", "1000", ""});
  CHECK(table.text() ==
        "NAME    SIZE  NOTE\n"
        "a          1  first\n"
        "longer  1000\n");
}

TEST_CASE("a table without headings has rows only") {
  Table table({{""}, {""}});
  CHECK(table.empty());
  table.add({"Order", "ord_1"});
  table.add({"Status", "paid"});
  CHECK(table.text() == "Order   ord_1\nStatus  paid\n");
}

TEST_CASE("letters of several bytes take one column") {
  CHECK(width_of("µs") == 2);
  Table table({{""}, {""}});
  table.add({"é", "x"});
  table.add({"ab", "y"});
  CHECK(table.text() == "é   x\nab  y\n");
}

TEST_CASE("control characters in cells don't reach the terminal") {
  CHECK(printable("plain µ text") == "plain µ text");
  CHECK(printable("a\033[2Jb\n") == "a?[2Jb?");
  CHECK(printable("\xc2\x9b[2J") == "??[2J");  // C1, as UTF-8
  CHECK(printable("caf\xe9 µ") == "caf? µ");   // Latin-1
}
