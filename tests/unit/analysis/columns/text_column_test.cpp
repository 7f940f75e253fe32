#include "workers/fulfillment/analysis/columns/text_column.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/analysis/columns/read_columns.hpp"

using namespace circuit::analysis;

namespace {

std::vector<std::string> texts_to(int last, const std::string& prefix) {
  std::vector<std::string> texts = numbers_to(last);
  for (std::string& text : texts) text = prefix + text;
  return texts;
}

}  // namespace

TEST_CASE("texts that recur twice on average are a category") {
  const Column column = column_of({"red", "blue", "red", "", "red", "blue"});
  CHECK(column.summary.type == ColumnType::category);
  CHECK(column.summary.reason == "2 different values in 5 rows.");
  CHECK(column.summary.distinct == 2);
  CHECK(column.summary.missing == 1);
  CHECK(column.values.labels == std::vector<std::string>{"red", "blue"});
  CHECK(column.values.codes == std::vector<std::uint32_t>{1, 2, 1, missing_code, 1, 2});
  CHECK(type_of({"red", "red", "blue", "green", "grey"}) == ColumnType::text);
}

TEST_CASE("labels come by falling frequency over the whole file") {
  const Column column = column_of({"a", "b", "b", "c", "c", "c"});
  CHECK(column.values.labels == std::vector<std::string>{"c", "b", "a"});
  CHECK(column.values.codes == std::vector<std::uint32_t>{3, 2, 2, 1, 1, 1});
}

TEST_CASE("a thousand different values are a category, and one more is not") {
  const auto thousand = texts_to(1000, "value ");
  CHECK(type_of(joined(thousand, thousand)) == ColumnType::category);
  const auto more = texts_to(1001, "value ");
  const Column column = column_of(joined(more, more));
  CHECK(column.summary.type == ColumnType::text);
  CHECK(column.values.codes.empty());
}

TEST_CASE("two words that answer a question are a boolean") {
  const Column column = column_of({"Yes", "No", "Yes", ""});
  CHECK(column.summary.type == ColumnType::boolean);
  CHECK(column.summary.reason == "All present values are Yes or No.");
  CHECK(column.values.codes == std::vector<std::uint32_t>{1, 2, 1, missing_code});
  CHECK(type_of({"true", "FALSE"}) == ColumnType::boolean);
  CHECK(type_of(repeated({"yes", "true"}, 3)) == ColumnType::category);
  CHECK(type_of(repeated({"yes", "no", "maybe"}, 3)) == ColumnType::category);
}

TEST_CASE("equal texts are a constant, and one text is not") {
  CHECK(type_of({"a", "a", ""}) == ColumnType::constant);
  CHECK(type_of({"a", "", ""}) == ColumnType::text);
}

TEST_CASE("a column without values is empty") {
  const ColumnSummary summary = summary_of({"", "NA", "null"});
  CHECK(summary.type == ColumnType::empty);
  CHECK(summary.reason == "No row has a value.");
  CHECK(summary.confidence == 1);
  CHECK_FALSE(summary.texts);
}

TEST_CASE("None is a value of a category, and missing among numbers") {
  CHECK(summary_of(repeated({"None", "Minor"}, 3)).missing == 0);
  CHECK(summary_of({"None", "1", "2.5", "3"}).missing == 1);
}

TEST_CASE("short texts that are all different are identifiers") {
  CHECK(type_of(texts_to(5, "A-")) == ColumnType::identifier);
  CHECK(summary_of(texts_to(5, "A-")).reason == "Short texts, all different.");
  CHECK(type_of(texts_to(4, "A-")) == ColumnType::text);
  CHECK(type_of(joined(texts_to(5, "A-"), {"A-1"})) == ColumnType::text);
  CHECK(type_of(texts_to(5, "A ")) == ColumnType::text);
  CHECK(type_of(texts_to(5, std::string(70, 'A'))) == ColumnType::text);
}

TEST_CASE("more identifiers than are counted are still identifiers") {
  Limits limits;
  limits.distinct_max = 50;
  const ColumnSummary summary = column_of(texts_to(100, "A-"), "value", limits).summary;
  CHECK(summary.type == ColumnType::identifier);
  CHECK(summary.reason == "Short texts; the first 50 are all different.");
  CHECK(summary.distinct == 50);
  CHECK_FALSE(summary.distinct_is_exact);
  const ColumnSummary text = column_of(joined(texts_to(100, "A-"), {"A-1"}), "value", limits).summary;
  CHECK(text.type == ColumnType::text);
  CHECK(text.reason == "More than 50 different texts in 101 rows.");
}

TEST_CASE("digits with leading zeros are codes") {
  const ColumnSummary zips = summary_of({"00501", "90210", "10001"});
  CHECK(zips.type == ColumnType::identifier);
  CHECK(zips.reason == "Digits whose leading zeros or length a number would lose: codes.");
  const ColumnSummary recurring = summary_of(repeated({"00501", "90210"}, 3));
  CHECK(recurring.type == ColumnType::category);
  CHECK(recurring.reason == "2 different values in 6 rows. The digits are codes.");
  CHECK(type_of({"12345678901234567", "12345678901234568"}) == ColumnType::identifier);
}

TEST_CASE("a few codes among words do not make the words codes") {
  CHECK(type_of({"007", "Goldfinger returns", "Dr. No", "Moonraker again"}) == ColumnType::text);
}

TEST_CASE("whole numbers are codes if the name says so, whether they recur or not") {
  CHECK(type_of({"90210", "10001", "90211"}, "zip") == ColumnType::identifier);
  CHECK(type_of({"17", "4", "17", "9"}, "customer_id") == ColumnType::identifier);
  CHECK(type_of(repeated({"17", "4"}, 3), "store_id") == ColumnType::category);
  CHECK(type_of({"1.5", "2.5"}, "customer_id") == ColumnType::real);
  CHECK(type_of(joined(repeated({""}, 600), {"17", "4", "9"}), "customer_id") == ColumnType::identifier);
}

TEST_CASE("codes with leading zeros after the sample make a column of numbers one of codes") {
  const ColumnSummary summary = summary_of(joined(numbers_to(600), texts_to(600, "0")));
  CHECK(summary.type == ColumnType::identifier);
  CHECK(summary.distinct == 1200);
}

TEST_CASE("numbers after a sample without values are numbers") {
  const ColumnSummary summary = summary_of(joined(repeated({""}, 1000), {"5", "7", "9.5"}));
  CHECK(summary.type == ColumnType::real);
  CHECK(summary.count == 3);
  CHECK(summary.missing == 1000);
}

TEST_CASE("numbers after a sample of words are numbers if they are nearly all") {
  std::vector<std::string> cells;
  for (int i = 0; i < 500; ++i) cells.push_back("word " + std::to_string(i));
  CHECK(type_of(joined(cells, numbers_to(6000))) == ColumnType::integer);
  CHECK(type_of(joined(cells, numbers_to(3000))) == ColumnType::text);
}

TEST_CASE("dates after a sample without values are dates in the right order") {
  const ColumnSummary summary = summary_of(joined(repeated({""}, 1000), {"01/02/2020", "31/01/2020", "15/01/2020"}));
  CHECK(summary.type == ColumnType::date);
  CHECK(summary.dates->format == "DD/MM/YYYY");
}

TEST_CASE("words after a sample of numbers make text") {
  CHECK(type_of(joined(numbers_to(500), texts_to(500, "w"))) == ColumnType::identifier);
  CHECK(type_of(joined(numbers_to(700), repeated({"a", "b"}, 300))) == ColumnType::text);
}

TEST_CASE("lengths are counted in code points, of every row") {
  const ColumnSummary summary = summary_of({"é", "ab", "ab", "😀😀😀😀", ""});
  REQUIRE(summary.texts);
  CHECK(summary.texts->length_min == 1);
  CHECK(summary.texts->length_max == 4);
  CHECK(summary.texts->length_mean == 2.25);
}

TEST_CASE("spaces around a value are ignored") { CHECK(summary_of({"p", " p ", "p\t", "q", "q"}).distinct == 2); }

TEST_CASE("a limit of one different value is no constant") {
  Limits limits;
  limits.distinct_max = 1;
  const ColumnSummary summary = column_of({"a", "b", "c"}, "value", limits).summary;
  CHECK(summary.type == ColumnType::text);
  CHECK(summary.top_values.at(0).text == "a");
}

TEST_CASE("codes of a sample belong to its rows") {
  Limits limits;
  limits.kept_cells_max = 1;
  std::vector<std::string> cells;
  for (int i = 0; i < 20'000; ++i) cells.push_back(i % 3 == 0 ? "a" : "b");
  const Column column = column_of(cells, "value", limits);
  CHECK(column.summary.top_values.at(0).count == 13'333);
  CHECK(column.values.codes.size() < 1500);
  const auto as = static_cast<double>(std::count(column.values.codes.begin(), column.values.codes.end(), 2u));
  CHECK(as / static_cast<double>(column.values.codes.size()) == Approx(1.0 / 3).epsilon(0.2));
}
