#include "workers/fulfillment/analysis/findings/wording.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/analysis/dated.hpp"
#include "workers/fulfillment/analysis/findings/names.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

using namespace circuit::analysis;

TEST_CASE("numbers in a sentence have three digits, or all of a whole part") {
  CHECK(about(16.4391) == "16.4");
  CHECK(about(0.0123456) == "0.0123");
  CHECK(about(135450.7) == "135,451");
  CHECK(about(-4.2371) == "-4.24");
  CHECK(about(0) == "0");
  CHECK(about(1e300) == "1e+300");
  CHECK(about(5e-324) == "4.94066e-324");
}

TEST_CASE("amounts carry the unit of their column where it belongs") {
  ColumnSummary column;
  column.numbers.emplace();
  CHECK(amount(12.5, column) == "12.5");
  column.numbers->unit = "$";
  CHECK(amount(-12.5, column) == "-$12.5");
  column.numbers->unit = "%";
  CHECK(amount(12.5, column) == "12.5%");
  column.numbers->unit = "kg";
  CHECK(amount(12.5, column) == "12.5 kg");
}

TEST_CASE("shares are never 0% or 100% unless they are") {
  CHECK(share_text(0) == "0%");
  CHECK(share_text(1) == "100%");
  CHECK(share_text(0.0001) == "<0.1%");
  CHECK(share_text(0.9999) == ">99.9%");
  CHECK(share_text(0.042) == "4.2%");
  CHECK(share_text(0.634) == "63%");
}

TEST_CASE("steps are 1, 2 or 5 times a power of ten") {
  CHECK(round_step(7.3) == 10);
  CHECK(round_step(6.7) == 5);
  CHECK(round_step(1.3) == 1);
  CHECK(round_step(250) == 200);
  CHECK(round_step(0.03) == Approx(0.02));
}

TEST_CASE("periods and positions read as people say them") {
  const std::int64_t moment = day(2024, 3, 4) + 14 * hour_us;
  CHECK(when_text(moment, Period::hour) == "at 14:00 on 2024-03-04");
  CHECK(when_text(day(2024, 3, 4), Period::day) == "on 2024-03-04");
  CHECK(when_text(day(2024, 3, 4), Period::week) == "in the week of 2024-03-04");
  CHECK(when_text(day(2024, 3, 1), Period::month) == "in March 2024");
  CHECK(when_text(day(2024, 10, 1), Period::quarter) == "in the fourth quarter of 2024");
  CHECK(when_text(day(1960, 1, 1), Period::year) == "in 1960");
  CHECK(position_text(Cycle::day_of_week, 6) == "on Sundays");
  CHECK(position_text(Cycle::hour_of_day, 7) == "at 07:00");
  CHECK(position_text(Cycle::month_of_year, 11) == "in December");
}

TEST_CASE("lists name a few and count the rest") {
  CHECK(quoted_list(std::vector<std::string>{"a"}, 2) == "“a”");
  CHECK(quoted_list(std::vector<std::string>{"a", "b", "c"}, 2) == "“a”, “b” and “c”");
  CHECK(quoted_list(std::vector<std::string>{"a", "b", "c", "d"}, 2) == "“a”, “b” and 2 more");
}

TEST_CASE("identifiers are known by a word of their name, not by letters in it") {
  for (const char* name : {"id", "customer_id", "Order ID", "orderId", "ZIP code", "zipcode", "Part No.", "user.key"})
    CHECK(is_identifier_name(name));
  for (const char* name : {"paid", "period", "width", "monkey", "notes", "idea", "decode"})
    CHECK_FALSE(is_identifier_name(name));
}

TEST_CASE("names share words of three letters or more") {
  CHECK(share_a_word("temp_min", "temp_max"));
  CHECK(share_a_word("Cost Repair", "Total cost"));
  CHECK_FALSE(share_a_word("to_a", "to_b"));
  CHECK_FALSE(share_a_word("rain", "train"));
}
