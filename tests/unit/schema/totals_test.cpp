#include <catch2/catch.hpp>

#include "schema/totals.hpp"

using namespace circuit::schema;

TEST_CASE("a quantile is within an eighth of the exact value") {
  DurationHistogram histogram;
  for (std::int64_t us = 1; us <= 100'000; ++us) histogram.add(us);
  for (const double q : {0.01, 0.5, 0.95, 0.99}) {
    const double exact = q * 100'000;
    CHECK(static_cast<double>(histogram.quantile_us(q)) >= exact);
    CHECK(static_cast<double>(histogram.quantile_us(q)) <= exact * 1.13);
  }
  CHECK(histogram.count() == 100'000);
}
TEST_CASE("small and negative durations have their own buckets") {
  DurationHistogram histogram;
  histogram.add(-5);
  CHECK(histogram.quantile_us(0.5) == 0);
  histogram.add(7);
  histogram.add(7);
  CHECK(histogram.quantile_us(0.9) == 7);
}
TEST_CASE("nothing counted has no quantile") { CHECK(DurationHistogram{}.quantile_us(0.5) == 0); }
TEST_CASE("revenue is kept apart by currency, gross and refunded") {
  Totals totals;
  Event event;
  event.type = EventType::payment_confirmed;
  event.data.currency = "USD";
  event.data.amount = 5000;
  totals.add(event);
  event.data.currency = "JPY";
  event.data.amount = 700;
  totals.add(event);
  event.type = EventType::order_refunded;
  totals.add(event);
  REQUIRE(totals.revenue.size() == 2);
  CHECK(totals.revenue[0].gross == 5000);
  CHECK(totals.revenue[0].refunded == 0);
  CHECK(totals.revenue[1].refunded == 700);
  CHECK(totals.count(EventType::payment_confirmed) == 2);
}
TEST_CASE("a rate of nothing is zero") { CHECK(rate(0, 0) == 0); }
