#include "ops/cli/order_text.hpp"

#include <catch2/catch.hpp>

#include "ops/cli/receipt_text.hpp"
#include "ops/cli/totals_text.hpp"

using namespace circuit;
using cli::Json;

namespace {

Json event_of(const char* type, Json data) {
  return {{"seq", 17}, {"ts", 1'000'000}, {"type", type}, {"status", "paid"}, {"data", std::move(data)}};
}

}  // namespace

TEST_CASE("an event's line says what its type does not") {
  CHECK(cli::event_detail(
            event_of("payment_confirmed",
                     {{"amount", 5'000}, {"currency", "USD"}, {"provider", "sandbox"}, {"charge_id", "ch_1"}})) ==
        "50.00 USD, sandbox ch_1");
  CHECK(cli::event_detail(event_of("order_fulfilled", {{"deliverable", "license"}, {"delivery_us", 900}})) ==
        "license, 900 µs after the payment");
  CHECK(cli::event_detail(event_of("payment_failed", {{"reason", "declined"}, {"message", "No funds."}})) ==
        "declined: No funds.");
  CHECK(cli::event_detail(event_of("order_expired", Json::object())).empty());
}

TEST_CASE("an event of a type that this program does not know still has a line") {
  CHECK(cli::events_text(Json::array({event_of("something_new", Json::object())})).find("something_new") !=
        std::string::npos);
}

TEST_CASE("a receipt has one layout") {
  const Json receipt = {{"order_id", "ord_1"},
                        {"product_id", "P"},
                        {"customer_id", "customer_001"},
                        {"amount", 5'000},
                        {"currency", "USD"},
                        {"provider", "sandbox"},
                        {"charge_id", "ch_1"},
                        {"ordered_at", 1'000'000},
                        {"paid_at", 2'000'000},
                        {"fulfilled_at", 3'000'000},
                        {"fulfilled_seq", 3},
                        {"deliverable", "files"},
                        {"files", {{{"name", "report.html"}, {"size", 70'003}, {"sha256", "ab"}}}}};
  CHECK(cli::receipt_text(receipt) ==
        "RECEIPT\n"
        "Order      ord_1\n"
        "Product    P\n"
        "Customer   customer_001\n"
        "Amount     50.00 USD\n"
        "Paid by    sandbox ch_1\n"
        "Ordered    1970-01-01T00:00:01.000000Z\n"
        "Paid       1970-01-01T00:00:02.000000Z\n"
        "Fulfilled  1970-01-01T00:00:03.000000Z, event 3\n"
        "Delivered  files\n"
        "  report.html  70.0 kB  sha256 ab\n");
}

TEST_CASE("totals name each currency and what was refunded") {
  const Json totals = {{"orders_created", 3},
                       {"completion_rate", 1.0},
                       {"revenue",
                        {{"USD", {{"gross", 7'000}, {"refunded", 2'000}, {"net", 5'000}}},
                         {"JPY", {{"gross", 500}, {"refunded", 0}, {"net", 500}}}}},
                       {"delivery", {{"count", 0}, {"p50_us", 0}}}};
  const std::string text = cli::totals_text(totals);
  CHECK(text.find("50.00 USD (70.00 USD less 20.00 USD refunded), 500 JPY") != std::string::npos);
  CHECK(text.find("nothing delivered yet") != std::string::npos);
}
