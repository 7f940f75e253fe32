// Files that were made to hurt: each must end soon, in little memory, with a table or a refusal.
#include <catch2/catch.hpp>
#include <chrono>
#include <random>

#include "tests/unit/analysis/columns/read_columns.hpp"

using namespace circuit::analysis;

namespace {

// Far more than any of them takes, and far less than anything that grows with the square.
constexpr std::chrono::seconds longest{10};

template <class Act>
void in_time(Act act) {
  const auto start = std::chrono::steady_clock::now();
  act();
  CHECK(std::chrono::steady_clock::now() - start < longest);
}

std::string repeated_text(std::string_view text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("a hundred thousand columns") {
  const std::string csv = repeated_text("x,", 100'000) + "\n" + repeated_text(repeated_text("1,", 100'000) + "\n", 5);
  in_time([&] {
    const Table table = table_of(csv);
    CHECK(table.columns.size() == 1000);
    CHECK(table.file.columns_left_out == 99'001);
    CHECK(table.file.rows == 5);
  });
}

TEST_CASE("a wide header above two million short rows") {
  const std::string csv = "a" + repeated_text(",b", 999) + "\n" + repeated_text("x\n", 2'000'000);
  in_time([&] {
    const Table table = table_of(csv);
    CHECK(table.file.short_rows == 2'000'000);
    CHECK(table.columns[999].summary.missing == 2'000'000);
  });
}

TEST_CASE("short rows below a wide header, a full one now and then") {
  const std::string full = "1" + repeated_text(",2", 999) + "\n";
  const std::string csv = "a" + repeated_text(",b", 999) + "\n" + repeated_text(full + repeated_text("5\n", 3000), 100);
  Limits limits;
  limits.kept_cells_max = 2'000'000;
  const Table table = table_of(csv, limits);
  CHECK(table.file.rows == 300'100);
  CHECK(table.columns[0].summary.count == 300'100);
  for (const std::size_t i : {1, 500, 999}) {
    CHECK(table.columns[i].summary.count == 100);
    CHECK(table.columns[i].summary.missing == 300'000);
    CHECK(table.columns[i].missing_bands.counts(300'100).size() == 74);
  }
}

TEST_CASE("a cell of five megabytes, bare, quoted, and full of quotes") {
  for (const std::string& cell :
       {std::string(5'000'000, 'x'), "\"" + std::string(5'000'000, '\n') + "\"",
        "\"" + std::string(5'000'000, '"') + "\"", "\"" + repeated_text("a,", 2'500'000) + "\""})
    in_time([&] {
      const Table table = table_of("a,b\n1," + cell + "\n2,y\n3,z\n");
      CHECK(table.file.rows == 3);
      CHECK(table.columns.size() == 2);
      CHECK(table.columns[1].summary.texts->length_max >= 2'500'000);
      CHECK(table.columns[1].summary.top_values.at(0).text.size() < 1000);
    });
}

TEST_CASE("a million different values") {
  std::string csv = "a,b\n";
  for (int i = 0; i < 700'000; ++i) csv += "v" + std::to_string(i) + "," + std::to_string(i % 10) + "\n";
  in_time([&] {
    Limits limits;
    limits.input_bytes_max = std::size_t{1} << 30;
    const Table table = table_of(csv, limits);
    CHECK(table.columns[0].summary.distinct == 100'000);
    CHECK_FALSE(table.columns[0].summary.distinct_is_exact);
    CHECK(table.columns[0].summary.type == ColumnType::identifier);
    CHECK(table.columns[1].summary.distinct == 10);
  });
}

TEST_CASE("nothing but quotes, delimiters or line ends") {
  for (const char c : {'"', ',', ';', '\n', '\r', '#', ' ', '\t', '-'})
    for (const std::size_t size : {1, 2, 3, 1000, 1'000'001}) {
      INFO("byte " << static_cast<int>(c) << ", " << size << " times");
      in_time([&] {
        const std::string csv(size, c);
        MemorySource source(csv);
        const auto outcome = read_table(source, {});
        if (const auto* table = std::get_if<Table>(&outcome)) CHECK(table->file.rows > 0);
      });
    }
}

TEST_CASE("a quote that is never closed in front of megabytes") {
  in_time([&] {
    const Table table = table_of("a,b\n1,\"x\n" + repeated_text("2,y\n", 1'000'000));
    CHECK(table.file.rows == 1'000'001);
    CHECK(table.file.stray_quotes == 1);
  });
}

TEST_CASE("comments with quotes that close in the next one") {
  in_time([&] {
    const Table table = table_of("a,b\n" + repeated_text("# x,y,\"\n1,2\n", 200'000));
    CHECK(table.file.comment_lines == 200'000);
    CHECK(table.file.rows == 200'000);
  });
}

TEST_CASE("one row, one cell, one byte") {
  CHECK(table_of("a,b\n1,x").file.rows == 1);
  CHECK(table_of("5").columns.at(0).summary.type == ColumnType::integer);
  CHECK(refusal_of(",").code == "input_empty");
}

TEST_CASE("all limits at one, or at nothing") {
  for (const std::size_t limit : {0, 1}) {
    Limits limits;
    limits.columns_max = limits.kept_cells_max = limits.distinct_max = limits.distinct_bytes_max = limit;
    const Table table = table_of("a,b\nx,1\ny,2\nz,3\n", limits);
    CHECK(table.columns.size() == 1);
    CHECK(table.columns[0].summary.distinct == 1);
    CHECK_FALSE(table.columns[0].summary.distinct_is_exact);
    limits.input_bytes_max = limits.expanded_bytes_max = limits.record_bytes_max = limit;
    CHECK(refusal_of("a,b\nx,1\n", limits).code == "input_too_large");
  }
}

TEST_CASE("records beyond their limit are refused, and all others are not") {
  Limits limits;
  limits.record_bytes_max = 1000;
  const std::string rows = repeated_text("1,2,3\n", 200'000);
  CHECK(table_of("\xEF\xBB\xBF"
                 "a,b,c\n" +
                     rows,
                 limits)
            .file.rows == 200'000);
  CHECK(refusal_of("a,b,c\n" + rows + "\"" + std::string(500'000, 'x') + "\n", limits).code == "record_too_long");
}

TEST_CASE("random bytes end in a table or a refusal") {
  std::mt19937 random(1);
  const std::string_view letters = "01259.,;|\t\"\"\n\n\r #-$%(/:aeTxé";
  for (int round = 0; round < 2000; ++round) {
    std::string csv;
    const std::size_t size = random() % 300;
    while (csv.size() < size) {
      const std::size_t at = random() % (letters.size() - 1);
      csv += at == letters.size() - 2 ? letters.substr(at) : letters.substr(at, 1);
    }
    MemorySource source(csv);
    const auto outcome = read_table(source, {});
    if (const auto* table = std::get_if<Table>(&outcome))
      for (const Column& column : table->columns)
        REQUIRE(column.summary.count + column.summary.missing + column.summary.invalid == table->file.rows);
  }
}
