// Each kind of finding about the data's quality: told where it holds, and not told where it nearly does.
#include <catch2/catch.hpp>

#include "tests/unit/analysis/sheet.hpp"

using namespace circuit::analysis;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::vector<std::string> kinds_of(const std::vector<Finding>& findings) {
  std::vector<std::string> kinds;
  for (const Finding& finding : findings) kinds.push_back(finding.kind);
  return kinds;
}

// A tidy table of a hundred rows, about which nothing is wrong.
Sheet tidy() {
  Noise noise(1);
  std::vector<double> numbers;
  for (int i = 0; i < 100; ++i) numbers.push_back(noise.normal());
  Sheet sheet;
  sheet.number("size", numbers);
  sheet.file().has_header = true;
  return sheet;
}

std::string text_of(Sheet& sheet, const std::string& kind) {
  const auto told = of_kind(sheet.analyzed().quality, kind);
  REQUIRE(told.size() == 1);
  CHECK(told[0].score > 0);
  return told[0].text;
}

}  // namespace

TEST_CASE("a tidy table has no quality finding") { CHECK(kinds_of(tidy().analyzed().quality).empty()); }

TEST_CASE("an uncertain delimiter or header is told, a certain one is not") {
  Sheet sheet = tidy();
  sheet.file().delimiter = ';';
  sheet.file().delimiter_confidence = 0.5;
  CHECK(holds(text_of(sheet, "delimiter_unsure"), "semicolons fit best"));
  sheet.file().delimiter_confidence = 0.9;
  CHECK(kinds_of(sheet.analyzed().quality).empty());
  sheet.file().header_confidence = 0.5;
  CHECK(holds(text_of(sheet, "header_unsure"), "taken for them"));
  sheet.file().has_header = false;
  sheet.file().header_width = 0;
  CHECK(holds(text_of(sheet, "header_unsure"), "taken for a row like the others"));
  CHECK(holds(text_of(sheet, "no_header"), "no row of column names"));
}

TEST_CASE("a header of another width, and names that were empty or came twice, are told") {
  Sheet sheet = tidy();
  sheet.file().header_width = 3;
  CHECK(holds(text_of(sheet, "header_width"), "The first row names 3 columns, but most rows have 1"));
  sheet.file().columns_left_out = 2;
  CHECK(kinds_of(sheet.analyzed().quality) == std::vector<std::string>{"columns_left_out"});
  sheet.file().renamed_columns = 1;
  CHECK(text_of(sheet, "column_names") ==
        "1 column has no name of its own in the file, or the same as another one, and was given one.");
}

TEST_CASE("ragged rows are told with their lines") {
  Sheet sheet = tidy();
  sheet.file().short_rows = 2;
  sheet.file().long_rows = 1;
  sheet.file().ragged_lines = {4, 7, 9};
  CHECK(text_of(sheet, "ragged_rows") ==
        "2 rows have too few values, and what is not there counts as missing; 1 row has too many values, and what is "
        "beyond the last column is left out (lines 4, 7, 9).");
  sheet.file().long_rows = 5;
  CHECK(holds(text_of(sheet, "ragged_rows"), "(lines 4, 7, 9, …)"));
}

TEST_CASE("duplicate rows are told with their share, and as a least number where they were not all counted") {
  Sheet sheet = tidy();
  sheet.file().duplicate_rows = 4;
  CHECK(holds(text_of(sheet, "duplicate_rows"), "4 rows (4.0%) repeat an earlier row"));
  sheet.file().duplicates_are_exact = false;
  CHECK(holds(text_of(sheet, "duplicate_rows"), "At least 4 rows"));
}

TEST_CASE("lines that are no rows, and stray quotes, are told") {
  Sheet sheet = tidy();
  sheet.file().blank_lines = 1;
  sheet.file().comment_lines = 2;
  sheet.file().preamble_lines = 3;
  sheet.file().stray_quotes = 1;
  CHECK(text_of(sheet, "blank_lines") == "1 empty line is skipped.");
  CHECK(text_of(sheet, "comment_lines") == "2 comment lines are skipped.");
  CHECK(text_of(sheet, "preamble_lines") == "3 lines are above the table, such as a title, and skipped.");
  CHECK(holds(text_of(sheet, "stray_quotes"), "1 value has a quotation mark where none should be"));
}

TEST_CASE("a sample of the rows is told, and is a caveat") {
  Sheet sheet = tidy();
  sheet.file().rows = 100'000;
  CHECK(holds(text_of(sheet, "sampled"), "an even sample of 100 of its 100,000 rows"));
  const auto caveats = sheet.analyzed().caveats;
  CHECK(std::ranges::any_of(caveats, [](const auto& text) { return holds(text, "100 of the 100,000 rows"); }));
}

TEST_CASE("missing values are one finding, worst column first") {
  Sheet sheet = tidy();
  CHECK(of_kind(sheet.analyzed().quality, "missing_values").empty());
  for (const auto& [name, missing] : {std::pair("a", 3), std::pair("b", 50)}) {
    ColumnSummary& column = sheet.other(name, ColumnType::text);
    column.missing = static_cast<std::size_t>(missing);
    column.count -= column.missing;
  }
  CHECK(text_of(sheet, "missing_values") ==
        "Values are missing in 2 of 3 columns: “b” (50.0%), “a” (3.0%). In all, 17.7% of the cells are empty.");
}

TEST_CASE("invalid values are told with examples") {
  Sheet sheet = tidy();
  sheet.column(0).invalid = 3;
  sheet.column(0).invalid_values = {{"n/k", 2}, {"ask", 1}};
  CHECK(text_of(sheet, "invalid_values") ==
        "“size” has 3 values that are no numbers, such as “n/k” (2), “ask” (1); they are left out of its figures.");
}

TEST_CASE("columns that say nothing are named") {
  Sheet sheet = tidy();
  sheet.other("country", ColumnType::constant);
  sheet.other("notes", ColumnType::empty).count = 0;
  sheet.other("more", ColumnType::empty).count = 0;
  CHECK(text_of(sheet, "constant_columns") == "“country” has the same value in all of its rows.");
  CHECK(text_of(sheet, "empty_columns") == "“notes” and “more” are empty.");
}

TEST_CASE("identifiers that repeat are told, codes that many rows share are not") {
  Sheet sheet = tidy();
  ColumnSummary& key = sheet.other("customer_id", ColumnType::text);
  key.distinct = 98;
  key.top_values = {{"C7", 3}, {"C9", 1}};
  CHECK(text_of(sheet, "identifier_repeats") ==
        "“customer_id” looks like an identifier, but 2 of its 100 values were already used in an earlier row, such as "
        "“C7” (3).");
  sheet.column(1).distinct = 40;
  CHECK(kinds_of(sheet.analyzed().quality).empty());
  sheet.column(1).distinct = 98;
  sheet.column(1).name = "paid";
  CHECK(kinds_of(sheet.analyzed().quality).empty());
}

TEST_CASE("spellings that differ in case or spaces are told, different words are not") {
  std::vector<std::string> towns;
  for (int i = 0; i < 100; ++i)
    towns.push_back(i < 60 ? "New York" : i < 65 ? "new york" : i < 67 ? "New  York " : "Boston");
  Sheet sheet;
  sheet.category("town", towns);
  CHECK(text_of(sheet, "spellings") ==
        "“town” has the same value in several spellings, which are counted as different ones: “New York” (60), “new "
        "york” "
        "(5), “New  York ” (2).");
  for (std::string& town : towns) town = town == "Boston" ? "Boston" : "New York";
  Sheet clean;
  clean.category("town", towns);
  CHECK(of_kind(clean.analyzed().quality, "spellings").empty());
}

TEST_CASE("a far -999 is a placeholder, and 999 among others is not") {
  Noise noise(2);
  std::vector<double> values;
  for (int i = 0; i < 200; ++i) values.push_back(std::round(20 + 5 * noise.normal()));
  const auto placeholders = [](const std::vector<double>& numbers) {
    Sheet sheet;
    sheet.number("temperature", numbers);
    return of_kind(sheet.analyzed().quality, "placeholder");
  };
  CHECK(placeholders(values).empty());
  values[3] = values[5] = -999;
  REQUIRE(placeholders(values).size() == 1);
  CHECK(holds(placeholders(values)[0].text, "“temperature” holds -999"));
  std::vector<double> wide;
  for (int i = 0; i < 1000; ++i) wide.push_back(i);
  CHECK(placeholders(wide).empty());
}

TEST_CASE("a date that a fifth of the rows share is a placeholder, a busy day is not") {
  Sheet sheet = tidy();
  ColumnSummary& born = sheet.other("born", ColumnType::date);
  born.dates = DateSummary{};
  born.top_values = {{"1900-01-01", 20}, {"1980-05-05", 2}};
  CHECK(holds(text_of(sheet, "placeholder"), "“born” holds 1900-01-01 in 20 rows, far more often than any other date"));
  sheet.column(1).top_values[1].count = 3;
  CHECK(kinds_of(sheet.analyzed().quality).empty());
}

TEST_CASE("units, and an assumed order of day and month, are told") {
  Sheet sheet = tidy();
  sheet.column(0).numbers->unit = "kg";
  CHECK(holds(text_of(sheet, "units"), "written with “kg”"));
  ColumnSummary& date = sheet.other("date", ColumnType::date);
  date.dates = DateSummary{.format = "DD/MM/YYYY"};
  CHECK(of_kind(sheet.analyzed().quality, "date_order").empty());
  sheet.column(1).dates->order_is_assumed = true;
  CHECK(holds(text_of(sheet, "date_order"), "it was read as DD/MM/YYYY"));
}

TEST_CASE("dates far away from all others are told") {
  std::vector<std::int64_t> moments;
  std::vector<double> numbers;
  for (int i = 0; i < 100; ++i) {
    moments.push_back(i == 50 ? day(202, 5, 1) : day(2020, 1, 1) + i * day_us);
    numbers.push_back(i * i % 17);
  }
  Sheet sheet;
  sheet.date("day", moments).number("size", numbers);
  sheet.column(0).dates->earliest = "0202-05-01";
  sheet.column(0).dates->latest = "2020-04-09";
  CHECK(holds(text_of(sheet, "far_dates"), "1 date lies in “day” far away from all others"));
}

TEST_CASE("beyond thirty findings only their number is told") {
  Sheet sheet = tidy();
  for (int i = 0; i < 40; ++i) {
    ColumnSummary& column = sheet.other("c" + std::to_string(i), ColumnType::integer);
    column.invalid = static_cast<std::size_t>(i + 1);
    column.invalid_values = {{"x", column.invalid}};
  }
  const auto quality = sheet.analyzed().quality;
  REQUIRE(quality.size() == quality_findings_max + 1);
  CHECK(holds(quality.front().text, "40 values that are no numbers"));
  CHECK(quality.back().text == "And 10 more findings of less weight.");
  CHECK(std::ranges::is_sorted(quality, [](const auto& a, const auto& b) { return a.score > b.score; }));
}

TEST_CASE("text of the customer's is clipped") {
  Sheet sheet = tidy();
  sheet.other(std::string(500, 'x'), ColumnType::constant);
  CHECK(text_of(sheet, "constant_columns").size() < 120);
}

TEST_CASE("few rows, many comparisons, and cause and effect are caveats where they apply") {
  Noise noise(3);
  const auto caveats_of = [&](int rows, bool is_related) {
    std::vector<double> a;
    std::vector<double> b;
    std::vector<double> c;
    for (int i = 0; i < rows; ++i) {
      a.push_back(noise.normal());
      b.push_back(is_related ? a.back() + 0.3 * noise.normal() : noise.normal());
      c.push_back(noise.normal());
    }
    Sheet sheet;
    sheet.number("aa", a).number("bb", b).number("cc", c);
    return sheet.analyzed().caveats;
  };
  const auto has = [](const std::vector<std::string>& caveats, const std::string& part) {
    return std::ranges::any_of(caveats, [&](const auto& text) { return holds(text, part); });
  };
  CHECK(has(caveats_of(20, true), "only 20 rows"));
  CHECK_FALSE(has(caveats_of(200, true), "only 200 rows"));
  CHECK(has(caveats_of(200, true), "3 pairs of columns were compared"));
  CHECK(has(caveats_of(200, true), "cause and effect"));
  CHECK_FALSE(has(caveats_of(200, false), "cause and effect"));
}
