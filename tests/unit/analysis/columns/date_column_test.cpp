#include "workers/fulfillment/analysis/columns/date_column.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <numeric>

#include "tests/unit/analysis/columns/read_columns.hpp"

using namespace circuit::analysis;

namespace {

constexpr std::int64_t day_us = 86'400'000'000;

// MM/DD/YYYY or DD/MM/YYYY for a day of 2020's first months.
std::string slashed(int month, int day, bool is_day_first) {
  return is_day_first ? fmt::format("{:02}/{:02}/2020", day, month) : fmt::format("{:02}/{:02}/2020", month, day);
}

}  // namespace

TEST_CASE("dates have a first, a last, and a distribution") {
  const Column column = column_of({"1970-01-03", "1970-01-01", "1970-01-02", "", "1970-01-02"});
  const ColumnSummary& summary = column.summary;
  CHECK(summary.type == ColumnType::date);
  CHECK(summary.reason == "4 of 4 present values are dates, written YYYY-MM-DD.");
  REQUIRE(summary.dates);
  CHECK(summary.dates->min_us == 0);
  CHECK(summary.dates->max_us == 2 * day_us);
  CHECK(summary.dates->earliest == "1970-01-01");
  CHECK(summary.dates->latest == "1970-01-03");
  CHECK(summary.dates->is_days);
  CHECK_FALSE(summary.dates->is_ascending);
  CHECK_FALSE(summary.dates->order_is_assumed);
  CHECK(summary.missing == 1);
  CHECK(summary.distinct == 3);
  CHECK(summary.top_values.at(0).text == "1970-01-02");
  CHECK(summary.top_values.at(0).count == 2);
  REQUIRE(summary.distribution);
  CHECK(std::accumulate(summary.distribution->counts.begin(), summary.distribution->counts.end(), std::size_t{0}) == 4);
  CHECK(column.values.moments_us == std::vector<std::int64_t>{2 * day_us, 0, day_us, missing_moment, day_us});
}

TEST_CASE("dates are compared as moments, not as text") {
  const auto dates = summary_of({"02.01.2020", "01.02.2020", "31.12.2019"}).dates;
  REQUIRE(dates);
  CHECK(dates->earliest == "31.12.2019");
  CHECK(dates->latest == "01.02.2020");
  CHECK(dates->format == "DD.MM.YYYY");
}

TEST_CASE("dates that never fall ascend, gaps and repeats allowed") {
  CHECK(summary_of({"2020-01-01", "", "2020-01-01", "2020-01-02"}).dates->is_ascending);
  CHECK_FALSE(summary_of({"2020-01-01", "2020-01-03", "2020-01-02"}).dates->is_ascending);
}

TEST_CASE("midnight everywhere is a day, and any other time makes moments") {
  CHECK(summary_of({"2020-01-01 00:00", "2020-01-02 00:00:00"}).dates->is_days);
  const auto dates = summary_of({"2020-01-01 00:00", "2020-01-02 00:01"}).dates;
  CHECK_FALSE(dates->is_days);
  CHECK(dates->format == "YYYY-MM-DD HH:MM");
}

TEST_CASE("an order that no day beyond the twelfth settles is assumed, and days like 05/05 settle nothing") {
  CHECK(summary_of({"01/02/2020", "02/03/2020"}).dates->order_is_assumed);
  CHECK(summary_of({"01/02/2020", "05/05/2020"}).dates->order_is_assumed);
  CHECK_FALSE(summary_of({"01/02/2020", "01/13/2020"}).dates->order_is_assumed);
  CHECK_FALSE(summary_of({"05/05/2020", "06/06/2020"}).dates->order_is_assumed);
  CHECK_FALSE(summary_of({"2020-01-02", "2020-02-03"}).dates->order_is_assumed);
}

TEST_CASE("a clear order after an ambiguous start turns the column") {
  std::vector<std::string> cells;
  for (int i = 0; i < 500; ++i) cells.push_back(slashed(1 + i % 12, 1 + i % 7, false));
  for (int i = 0; i < 40; ++i) cells.push_back(slashed(1 + i % 12, 13 + i % 9, true));
  const ColumnSummary summary = summary_of(cells);
  CHECK(summary.type == ColumnType::date);
  CHECK(summary.invalid == 0);
  CHECK(summary.dates->format == "DD/MM/YYYY");
  CHECK_FALSE(summary.dates->order_is_assumed);
}

TEST_CASE("a few days in the other order are invalid") {
  std::vector<std::string> cells;
  for (int i = 0; i < 100; ++i) cells.push_back(slashed(1 + i % 12, 13 + i % 9, false));
  cells.push_back(slashed(1, 31, true));
  const ColumnSummary summary = summary_of(cells);
  CHECK(summary.dates->format == "MM/DD/YYYY");
  CHECK(summary.invalid == 1);
  CHECK(summary.invalid_values.at(0).text == "31/01/2020");
}

TEST_CASE("a column with both orders in plenty is no column of dates") {
  std::vector<std::string> cells;
  for (int i = 0; i < 100; ++i) cells.push_back(slashed(1 + i % 12, 13 + i % 9, i % 2 == 0));
  CHECK(type_of(cells) != ColumnType::date);
}

TEST_CASE("a few words among dates are invalid") {
  const auto cells = joined(repeated({"2020-01-01", "2020-01-02"}, 20), {"soon", "TBD"});
  const ColumnSummary summary = summary_of(cells);
  CHECK(summary.type == ColumnType::date);
  CHECK(summary.invalid == 1);
  CHECK(summary.missing == 1);
  CHECK(summary.confidence == Approx(40.0 / 41));
}

TEST_CASE("of several forms, the most frequent one is named") {
  const ColumnSummary summary = summary_of({"5 Jan 2020", "2020-01-06", "2020-01-07"});
  CHECK(summary.dates->format == "YYYY-MM-DD");
  CHECK(summary.reason == "3 of 3 present values are dates, mostly written YYYY-MM-DD.");
}

TEST_CASE("eight digits are days if all of the file's are, and numbers otherwise") {
  const ColumnSummary days = summary_of({"20200131", "20200201", "20200202"});
  CHECK(days.type == ColumnType::date);
  CHECK(days.dates->format == "YYYYMMDD");
  const auto many = repeated({"20200131", "20200201"}, 300);
  CHECK(type_of(joined(many, repeated({"20209999", "7"}, 300))) == ColumnType::integer);
  CHECK(type_of(joined(many, {"20209999"})) == ColumnType::date);
}

TEST_CASE("equal dates are a constant, and one date is not") {
  const ColumnSummary summary = summary_of({"2020-01-01", "1 Jan 2020"});
  CHECK(summary.type == ColumnType::constant);
  CHECK(summary.dates);
  CHECK(type_of({"2020-01-01", ""}) == ColumnType::date);
}

TEST_CASE("dates beyond the sample are as exact as within it") {
  Limits limits;
  limits.kept_cells_max = 1;
  std::vector<std::string> cells;
  for (int i = 0; i < 20'000; ++i) cells.push_back(fmt::format("2020-{:02}-{:02}", 1 + i % 12, 1 + i % 28));
  cells[12'345] = "1999-12-31";
  const Column column = column_of(cells, "value", limits);
  CHECK(column.summary.count == 20'000);
  CHECK(column.summary.dates->earliest == "1999-12-31");
  CHECK_FALSE(column.summary.distinct_is_exact);
  CHECK(column.summary.top_values.empty());
  CHECK(column.values.moments_us.size() < 1500);
  const ColumnSummary constant = column_of(repeated({"2020-01-01"}, 20'000), "value", limits).summary;
  CHECK(constant.type == ColumnType::constant);
  CHECK(constant.top_values.at(0).count == 20'000);
}
