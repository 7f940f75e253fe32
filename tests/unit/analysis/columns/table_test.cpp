#include "workers/fulfillment/analysis/columns/table.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tests/unit/analysis/columns/read_columns.hpp"
#include "tests/unit/analysis/reading/gzip.hpp"

using namespace circuit::analysis;

namespace {

std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.summary.name);
  return names;
}

}  // namespace

TEST_CASE("a file of nothing is refused with a reason") {
  CHECK(refusal_of("").code == "input_empty");
  CHECK(refusal_of(" \r\n\t\n").code == "input_empty");
  CHECK(refusal_of("\xEF\xBB\xBF").code == "input_empty");
  CHECK(refusal_of("# only\n# comments\n").code == "input_empty");
  CHECK(refusal_of(gzipped("")).code == "input_empty");
  CHECK(refusal_of(",,\n,,\n").code == "input_empty");
  CHECK(table_of("a,b\n,\n").file.rows == 1);
  CHECK(refusal_of("a,b\n").code == "csv_no_rows");
  CHECK(refusal_of("a").code == "csv_no_rows");
}

TEST_CASE("what the window refuses is refused") {
  CHECK(refusal_of("a\n\xFF\n").code == "input_not_utf8");
  CHECK(refusal_of("\x1F\x8B").code == "gzip_damaged");
  Limits limits;
  limits.input_bytes_max = 4;
  CHECK(refusal_of("a\n10\n", limits).code == "input_too_large");
  CHECK(table_of("a\n1\n", limits).file.bytes == 4);
}

TEST_CASE("a wrong byte far behind the sample is found") {
  std::string csv = "a,b\n";
  for (int i = 0; i < 200'000; ++i) csv += "1,2\n";
  CHECK(refusal_of(csv + "caf\xE9,1\n").code == "input_not_utf8");
}

TEST_CASE("the facts of a plain file are told") {
  const Table table = table_of("a;b\n1;x\n2;y\n");
  CHECK(table.file.bytes == 12);
  CHECK(table.file.expanded_bytes == 0);
  CHECK_FALSE(table.file.has_byte_order_mark);
  CHECK(table.file.delimiter == ';');
  CHECK(table.file.has_header);
  CHECK(table.file.decimal_mark == '.');
  CHECK(table.file.rows == 2);
  CHECK(table.file.rows_kept == 2);
  CHECK(table.file.columns == 2);
  CHECK(table.file.columns_left_out == 0);
  CHECK(table.file.header_width == 2);
  CHECK(table.file.ragged_rows() == 0);
  CHECK(table.file.renamed_columns == 0);
  CHECK(table.file.duplicate_rows == 0);
  CHECK(table.file.duplicates_are_exact);
  CHECK(names_of(table) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("what is odd about a file is counted") {
  const Table table = table_of("\xEF\xBB\xBFTitle\n# note\na,,a\n1,2,3\n\n1,2,3\n1,2\n1,2,3,4\n\"1\"x,2,3\n1,2,\"3\n");
  CHECK(table.file.has_byte_order_mark);
  CHECK(table.file.preamble_lines == 1);
  CHECK(table.file.comment_lines == 1);
  CHECK(table.file.blank_lines == 1);
  CHECK(table.file.rows == 6);
  CHECK(table.file.short_rows == 1);
  CHECK(table.file.long_rows == 1);
  CHECK(table.file.ragged_lines == std::vector<std::size_t>{7, 8});
  CHECK(table.file.stray_quotes == 2);
  CHECK(table.file.duplicate_rows == 1);
  CHECK(table.file.renamed_columns == 2);
  CHECK(names_of(table) == std::vector<std::string>{"a", "column_2", "a_2"});
}

TEST_CASE("compressed bytes are counted before and after") {
  const std::string csv = "a,b\n1,2\n";
  const Table table = table_of(gzipped(csv));
  CHECK(table.file.bytes == gzipped(csv).size());
  CHECK(table.file.expanded_bytes == 8);
}

TEST_CASE("decimal commas are a fact of the file") {
  CHECK(table_of("name;price\na;1,5\nb;2,5\n").file.decimal_mark == ',');
  CHECK(table_of("name;n\na;1\nb;2\n").file.decimal_mark == '.');
  CHECK(table_of("name;n\na;1.234\nb;5.678\n").file.decimal_mark == ',');
  CHECK(table_of("name,n\na,1.234\nb,5.678\n").file.decimal_mark == '.');
}

TEST_CASE("a header with too few names leaves columns without") {
  const Table table = table_of("a,b\n1,2,3\n4,5,6\n");
  CHECK(table.file.header_width == 2);
  CHECK(table.file.columns == 3);
  CHECK(table.file.ragged_rows() == 0);
  CHECK(table.columns[2].summary.name == "column_3");
}

TEST_CASE("a header with too many names has columns without values") {
  const Table table = table_of("a,b,c\n1,2\n4,5\n");
  CHECK(table.file.columns == 3);
  CHECK(table.file.short_rows == 2);
  CHECK(table.columns[2].summary.type == ColumnType::empty);
  CHECK(table.columns[2].summary.missing == 2);
}

TEST_CASE("a delimiter behind the header alone makes no column") {
  const Table table = table_of("a,b,\n1,2\n4,5\n");
  CHECK(table.file.columns == 2);
  CHECK(table.file.short_rows == 0);
  CHECK(table.file.renamed_columns == 0);
}

TEST_CASE("a file without a header keeps its first row as data") {
  const Table table = table_of("1,2\n3,4\n");
  CHECK_FALSE(table.file.has_header);
  CHECK(table.file.header_width == 0);
  CHECK(table.file.rows == 2);
  CHECK(table.file.renamed_columns == 0);
  CHECK(names_of(table) == std::vector<std::string>{"column_1", "column_2"});
  CHECK(table_of("42").file.rows == 1);
}

TEST_CASE("columns beyond the limit are left out, and rows of full width are not ragged") {
  Limits limits;
  limits.columns_max = 2;
  const Table table = table_of("a,b,c,d\n1,2,3,4\n5,6,7,8\n", limits);
  CHECK(table.columns.size() == 2);
  CHECK(table.file.columns_left_out == 2);
  CHECK(table.file.ragged_rows() == 0);
}

TEST_CASE("the kept values of all columns belong to the same rows") {
  Limits limits;
  limits.kept_cells_max = 1;
  std::string csv = "n,text,date,more\n";
  for (int i = 0; i < 30'000; ++i) {
    const std::string day = std::to_string(10 + i % 10);
    csv += day + ".5," + (i % 10 < 5 ? "low" : "high") + ",2020-01-" + day + "," + std::to_string(i) + "\n";
  }
  const Table table = table_of(csv, limits);
  CHECK(table.file.rows == 30'000);
  const std::size_t kept = table.file.rows_kept;
  CHECK(kept > 400);
  CHECK(kept < 1200);
  REQUIRE(table.columns[0].values.numbers.size() == kept);
  REQUIRE(table.columns[1].values.codes.size() == kept);
  REQUIRE(table.columns[2].values.moments_us.size() == kept);
  CHECK(table.columns[3].summary.type == ColumnType::identifier);  // by all of them, it counts the rows
}

TEST_CASE("equal bytes give an equal table") {
  std::string csv = "a,b\n";
  std::mt19937 random(5);
  for (int i = 0; i < 3000; ++i) csv += std::to_string(random() % 50) + ",w" + std::to_string(random() % 50) + "\n";
  const Table one = table_of(csv);
  const Table other = table_of(csv);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(one.columns[i].values.numbers == other.columns[i].values.numbers);
    CHECK(one.columns[i].values.codes == other.columns[i].values.codes);
    CHECK(one.columns[i].summary.reason == other.columns[i].summary.reason);
  }
}

// Whatever a column turns into between readings, what comes out must hold together.
TEST_CASE("columns of random kinds, one after another, keep the promises of a column") {
  const std::vector<std::vector<std::string>> kinds = {{"1", "2", "3"},
                                                       {"1.5", "2.25"},
                                                       {"1,5", "2,25"},
                                                       {"1.234", "5.678"},
                                                       {"1,234", "5,678"},
                                                       {"$5", "$6"},
                                                       {"€5", "€6"},
                                                       {"5%"},
                                                       {"007", "012"},
                                                       {"01/02/2020"},
                                                       {"13/02/2020"},
                                                       {"02/13/2020"},
                                                       {"2020-01-01"},
                                                       {"20200101"},
                                                       {"x", "y"},
                                                       {"unknown"},
                                                       {""},
                                                       {"12 kg"},
                                                       {"yes", "no"},
                                                       {"0", "1"},
                                                       {"12345678901234567"},
                                                       {"(5)"},
                                                       {"Jan 2020"}};
  std::mt19937 random(11);
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> cells;
    for (int part = 0; part < 3; ++part) {
      const auto& kind = kinds[random() % kinds.size()];
      const std::size_t size = random() % 3 == 0 ? 5 : 450;
      for (std::size_t i = 0; i < size; ++i) cells.push_back(kind[random() % kind.size()]);
    }
    const Column column = column_of(cells);
    const ColumnSummary& summary = column.summary;
    INFO("round " << round << ": " << type_name(summary.type) << ", " << summary.reason);
    REQUIRE(summary.count + summary.missing + summary.invalid == cells.size());
    REQUIRE(!summary.reason.empty());
    REQUIRE((summary.type == ColumnType::empty) == (summary.count == 0));
    // No type stands on less than nine tenths of the values.
    REQUIRE(summary.confidence >= 0.9);
    REQUIRE(summary.numbers.has_value() ==
            (summary.is_numeric() || (summary.type == ColumnType::constant && !summary.texts && !summary.dates)));
    REQUIRE(column.values.numbers.size() == (summary.is_numeric() ? cells.size() : 0));
    REQUIRE(column.values.codes.size() == (summary.is_category() ? cells.size() : 0));
    REQUIRE(column.values.moments_us.size() == (summary.dates ? cells.size() : 0));
    if (summary.count > 0) REQUIRE(summary.distinct >= 1);
    REQUIRE(summary.distinct <= summary.count);
  }
}
