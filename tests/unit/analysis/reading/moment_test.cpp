#include "workers/fulfillment/analysis/reading/moment.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>

using namespace circuit::analysis;

namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t hour_us = 3600 * second_us;
constexpr std::int64_t day_us = 24 * hour_us;

std::int64_t day(int year, unsigned month, unsigned day) {
  using namespace std::chrono;
  return sys_days(year_month_day{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)})
             .time_since_epoch()
             .count() *
         day_us;
}

std::optional<Moment> by_month(std::string_view cell) { return read_moment(cell, DayOrder::month_first); }
std::optional<Moment> by_day(std::string_view cell) { return read_moment(cell, DayOrder::day_first); }

std::int64_t us(std::string_view cell, DayOrder order = DayOrder::month_first) {
  INFO(cell);
  const auto moment = read_moment(cell, order);
  REQUIRE(moment);
  return moment->us;
}

void check_none(std::initializer_list<const char*> cells) {
  for (const char* cell : cells) {
    INFO(cell);
    CHECK_FALSE(by_month(cell));
    CHECK_FALSE(by_day(cell));
  }
}

}  // namespace

TEST_CASE("a day is read in all its forms") {
  for (const char* cell : {"2020-01-31",       "2020-1-31",         "2020/01/31",       "2020.01.31",
                           "1/31/2020",        "01/31/2020",        "01-31-2020",       "1.31.2020",
                           "01/31/20",         "31 Jan 2020",       "31 January 2020",  "31. Jan. 2020",
                           "31-Jan-2020",      "31-Jan-20",         "31/Jan/2020",      "31 jan, 2020",
                           "Jan 31, 2020",     "January 31 2020",   "Jan. 31, 2020",    "JAN-31, 2020",
                           "Fri, 31 Jan 2020", "Friday 2020-01-31", "Fri. 31 Jan 2020", "Friday, January 31, 2020"}) {
    INFO(cell);
    CHECK(us(cell) == day(2020, 1, 31));
    CHECK_FALSE(by_month(cell)->has_time);
  }
  CHECK(us("31.01.2020", DayOrder::day_first) == day(2020, 1, 31));
}

TEST_CASE("a month is its first day") {
  for (const char* cell : {"2020-02", "2020/02", "Feb 2020", "February 2020", "Feb-2020"}) {
    INFO(cell);
    CHECK(us(cell) == day(2020, 2, 1));
  }
}

TEST_CASE("days before 1970 and far ones are read") {
  CHECK(us("1969-12-31") == -day_us);
  CHECK(us("0001-01-01") == day(1, 1, 1));
  CHECK(us("9999-12-31") == day(9999, 12, 31));
}

TEST_CASE("months have English names of at least three letters") {
  const char* names[] = {"january", "february", "march",     "april",   "may",      "june",
                         "july",    "august",   "september", "october", "november", "december"};
  for (unsigned month = 1; month <= 12; ++month)
    for (std::size_t letters = 3; letters <= std::string(names[month - 1]).size(); ++letters)
      CHECK(us("5 " + std::string(names[month - 1]).substr(0, letters) + " 2020") == day(2020, month, 5));
  check_none({"5 ja 2020", "5 janx 2020", "5 januaryy 2020", "5 Mai 2020", "Ju 5, 2020"});
}

TEST_CASE("two-digit years are those from 1969 to 2068") {
  CHECK(us("01/02/69") == day(1969, 1, 2));
  CHECK(us("01/02/99") == day(1999, 1, 2));
  CHECK(us("01/02/00") == day(2000, 1, 2));
  CHECK(us("01/02/68") == day(2068, 1, 2));
  check_none({"01/02/5", "01/02/205", "5 Jan 5", "5 Jan 205", "Jan 5, 20"});
}

TEST_CASE("days that are not in the calendar are not dates") {
  CHECK(by_month("2020-02-29"));
  CHECK(by_month("2000-02-29"));
  check_none({"2021-02-29", "1900-02-29", "2020-13-01", "2020-00-10", "2020-04-31", "2020-01-00", "2020-01-32",
              "0000-01-01", "31 Apr 2020", "Feb 30, 2020", "13/13/2020", "00/01/2020", "2020-13", "2020-00"});
}

TEST_CASE("the order of day and month is the one that is asked for") {
  CHECK(us("03/04/2020", DayOrder::month_first) == day(2020, 3, 4));
  CHECK(us("03/04/2020", DayOrder::day_first) == day(2020, 4, 3));
  CHECK_FALSE(by_day("12/31/2020"));
  CHECK_FALSE(by_month("31/12/2020"));
}

TEST_CASE("what a date says about the order is known") {
  CHECK(by_month("03/04/2020")->order == OrderEvidence::ambiguous);
  CHECK(by_day("03/04/2020")->order == OrderEvidence::ambiguous);
  CHECK(by_month("03/13/2020")->order == OrderEvidence::clear);
  CHECK(by_day("13/03/2020")->order == OrderEvidence::clear);
  CHECK(by_month("04/04/2020")->order == OrderEvidence::none);
  CHECK(by_month("2020-03-04")->order == OrderEvidence::none);
  CHECK(by_month("3 Apr 2020")->order == OrderEvidence::none);
}

TEST_CASE("a time, a fraction and an offset move the moment") {
  CHECK(us("1970-01-01T00:00:01.5") == 1'500'000);
  CHECK(us("1970-01-01 01:00") == hour_us);
  CHECK(us("1970-01-01  1:00") == hour_us);
  CHECK(us("1970-01-01, 01:00") == hour_us);
  CHECK(us("1/1/1970 1:02:03") == hour_us + 123 * second_us);
  CHECK(us("1970-01-01T02:00:00+02:00") == 0);
  CHECK(us("1970-01-01T02:00+02") == 0);
  CHECK(us("1970-01-01T02:00 +0200") == 0);
  CHECK(us("1970-01-01T00:00:00-0130") == hour_us + 1800 * second_us);
  CHECK(us("1970-01-01T23:59:59Z") == day_us - second_us);
  CHECK(us("1970-01-01 10:00 UTC") == 10 * hour_us);
  CHECK(us("Thu, 01 Jan 1970 10:00:00 GMT") == 10 * hour_us);
  CHECK(by_month("1970-01-01T00:00")->has_time);
}

TEST_CASE("fractions are cut at the microsecond") {
  CHECK(us("1970-01-01T00:00:00.0000019Z") == 1);
  CHECK(us("1970-01-01T00:00:00.123456789") == 123'456);
  CHECK(us("1970-01-01T00:00:00,5") == 500'000);
  CHECK(us("1969-12-31T23:59:59.999999") == -1);
}

TEST_CASE("AM and PM turn the twelfth hour") {
  CHECK(us("1/1/1970 12:00 AM") == 0);
  CHECK(us("1/1/1970 12:30 pm") == 12 * hour_us + 1800 * second_us);
  CHECK(us("1/1/1970 1:00PM") == 13 * hour_us);
  CHECK(us("1/1/1970 11:59:59.5 PM") == day_us - second_us / 2);
  check_none({"1/1/1970 0:00 AM", "1/1/1970 13:00 PM", "1/1/1970 1:00 XM"});
}

TEST_CASE("a leap second comes behind its minute's last ordinary second") {
  CHECK(us("2016-12-31T23:59:60Z") == day(2017, 1, 1));
  check_none({"2016-12-31T23:59:61"});
}

TEST_CASE("times that no clock shows are not read") {
  check_none({"2020-01-01T", "2020-01-01 ", "2020-01-01T25:00", "2020-01-01T24:00", "2020-01-01T10", "2020-01-01T10:60",
              "2020-01-01T10:5", "2020-01-01T10:00:5", "2020-01-01T10:00:00.", "2020-01-01T10:00+",
              "2020-01-01T10:00+3:5", "2020-01-01T10:00+0275", "2020-01-01T10:00+24:00", "2020-01-01T10:00+100",
              "2020-01-01T10:00 CEST", "2020-01-01T10:00Zx", "2020-01-01x", "2020-01-0110:00",
              "2020-01-01 10:00:00:00"});
}

TEST_CASE("numbers, versions, addresses and words are not dates") {
  check_none({"",           "2020",       "20200101",  "202001",      "12.345",   "2020.01", "2020.1",
              "1.2.3",      "10.4.11",    "10.0.12.5", "192.168.1.1", "555-1234", "1-2-3",   "123-45-6789",
              "May",        "March",      "may 12",    "monday",      "Mon",      "Jan",     "2020/01-01",
              "01/02-2020", "1/2/2020/3", "12:30",     "12:30:45",    "1 2 2020", "Mar 123", "Sun 2020"});
}

TEST_CASE("between points, two digits of a year ask for two digits of day and month") {
  CHECK(us("31.01.20", DayOrder::day_first) == day(2020, 1, 31));
  CHECK(us("1.2.2020", DayOrder::day_first) == day(2020, 2, 1));
  check_none({"1.2.20", "10.4.11", "1.12.13"});
}

TEST_CASE("eight digits are a day from 1900 to 2100") {
  CHECK(read_compact_day("20240131")->us == day(2024, 1, 31));
  CHECK(read_compact_day("19000101"));
  CHECK(read_compact_day("21001231"));
  for (const char* cell : {"18991231", "21010101", "20240230", "20241301", "2024013", "202401311", "2024-1-1", ""})
    CHECK_FALSE(read_compact_day(cell));
}

TEST_CASE("a format is named as it is written") {
  const auto name = [](std::string_view cell) {
    const auto moment = by_day(cell);
    REQUIRE(moment);
    return format_name(moment->form, moment->separator, DayOrder::day_first, moment->has_time);
  };
  CHECK(name("2020-01-31") == "YYYY-MM-DD");
  CHECK(name("2020/01/31 10:00") == "YYYY/MM/DD HH:MM");
  CHECK(name("31.12.2020") == "DD.MM.YYYY");
  CHECK(name("31/12/2020") == "DD/MM/YYYY");
  CHECK(name("31-Dec-2020") == "D-Month-YYYY");
  CHECK(name("31 Dec 2020") == "D Month YYYY");
  CHECK(name("Dec 31, 2020") == "Month D, YYYY");
  CHECK(name("Dec 2020") == "Month YYYY");
  CHECK(name("2020-12") == "YYYY-MM");
  CHECK(format_name(DayForm::small_first, '/', DayOrder::month_first, false) == "MM/DD/YYYY");
  CHECK(format_name(DayForm::compact, '-', DayOrder::month_first, false) == "YYYYMMDD");
}
