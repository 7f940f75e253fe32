#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "tests/unit/analysis/full_analysis.hpp"
#include "workers/fulfillment/analysis/report/text_lines.hpp"
#include "workers/fulfillment/analysis/report/text_report.hpp"
#include "workers/fulfillment/analysis/report/words.hpp"
#include "workers/fulfillment/analysis/series/calendar.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

using namespace circuit::analysis;

namespace {

std::string wrapped(std::string_view lead, std::string_view text, std::size_t width, std::size_t lines_max) {
  std::string out;
  put_wrapped(out, lead, text, width, lines_max);
  return out;
}

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, display_width(line));
  return widest;
}

}  // namespace

TEST_CASE("the summary fits one screen of 80 columns, whatever the data are") {
  Analysis wide = hostile_analysis(1000);
  for (ColumnSummary& column : wide.columns) column.name = "日本語の列の名前がとても長い場合はどうなりますか";
  for (const Analysis& analysis : {full_analysis(), hostile_analysis(1000), wide}) {
    const std::string text = text_report(analysis);
    CHECK(widest_line(text) <= 80);
    CHECK(std::ranges::count(text, '\n') <= 50);
    for (const char* mark : {"\x1B", "\x01", "\u202E"}) CHECK(text.find(mark) == std::string::npos);
  }
}

TEST_CASE("the summary has the facts, the findings, the columns and the quality") {
  const std::string text = text_report(full_analysis());
  for (const char* part : {"730 rows in 12 columns", "separated by semicolons", "83.4% of the cells are filled",
                           "5 rows repeat an earlier one", "1. “visitors” and “revenue” rise together",
                           "1. 5 rows are exact copies", "temperature            real          0.5% -2.9 to 26.5"}) {
    INFO(part);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("what a wide table has beyond the screen is counted") {
  CHECK(text_report(hostile_analysis(1000)).find("… and 988 more columns in report.html") != std::string::npos);
  CHECK(text_report(hostile_analysis(1000)).find("… and 100 more in report.html") != std::string::npos);
}

TEST_CASE("lines break at spaces, and inside of words that are too long") {
  CHECK(wrapped("- ", "one two three four", 11, 9) == "- one two\n  three\n  four\n");
  CHECK(wrapped("", "abcdefghij", 4, 9) == "abcd\nefgh\nij\n");
  CHECK(wrapped("1. ", "", 10, 2) == "1. \n");
  CHECK(wrapped("", "one two three", 8, 1) == "one …\n");
}

TEST_CASE("wide letters count two") {
  CHECK(display_width("a日b") == 4);
  CHECK(fitted("日本語", 5) == "日本…");
  CHECK(fitted("日本語", 4) == "日… ");
  CHECK(fitted("ab", 4) == "ab  ");
  CHECK(wrapped("", "日本語", 5, 9) == "日本\n語\n");
}

TEST_CASE("a line too narrow for one letter still ends") { CHECK(wrapped("", "日日", 1, 3).size() <= 16); }

TEST_CASE("figures read well") {
  CHECK(bytes_text(1) == "1 byte");
  CHECK(bytes_text(48'219) == "48.2 kB");
  CHECK(bytes_text(999'950) == "1.0 MB");
  CHECK(bytes_text(3'100'000'000) == "3.1 GB");
  CHECK(p_text(0.0009) == "< 0.001");
  CHECK(p_text(0.042) == "= 0.042");
  CHECK(p_text(0.9999) == "> 0.999");
  CHECK(share_text(0.7104) == "71%");
  CHECK(share_text(1e-7) == "<0.1%");
}

TEST_CASE("periods are named as people do") {
  constexpr std::int64_t may_us = 1'714'521'600'000'000;  // 2024-05-01
  CHECK(period_label(Period::month, may_us) == "2024-05");
  CHECK(period_label(Period::quarter, may_us) == "2024 Q2");
  CHECK(period_label(Period::year, may_us) == "2024");
  CHECK(period_label(Period::hour, may_us) == "2024-05-01 00:00");
  CHECK(period_label(Period::week, may_us) == "week of 2024-05-01");
}
