#include "workers/fulfillment/analysis/columns/column_name.hpp"

#include <catch2/catch.hpp>

using namespace circuit::analysis;

TEST_CASE("names of codes are known by their last word, or an id in front") {
  for (const char* name : {"id",          "ID",           "Id",
                           "customer_id", "CustomerID",   "customerId",
                           "Order ID",    "order-id",     "ID of the order",
                           "id_client",   "zip",          "ZIP Code",
                           "Postal code", "postcode",     "PLZ",
                           "phone",       "Home Phone",   "ISBN",
                           "uuid",        "country.code", "product_sku"}) {
    INFO(name);
    CHECK(is_name_of_codes(name));
  }
}

TEST_CASE("names of measures are no names of codes") {
  for (const char* name : {"", "paid", "width", "Idaho", "humid", "valid", "id2width", "codec", "phones sold", "price",
                           "zip codes served", "grid", "year", "Iduna", "coding", "hours", "ids per day"}) {
    INFO(name);
    CHECK_FALSE(is_name_of_codes(name));
  }
}

TEST_CASE("names that may be those of rows are known") {
  for (const char* name : {"key", "No", "No.", "Nr.", "Room number", "index", "row", "#", "order #"}) {
    INFO(name);
    CHECK(may_name_rows(name));
  }
  for (const char* name : {"", "number of rooms", "consumer price index", "keys", "know", "piano"}) {
    INFO(name);
    CHECK_FALSE(may_name_rows(name));
  }
}
