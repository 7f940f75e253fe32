#include "ops/cli/delivery.hpp"

#include <catch2/catch.hpp>

#include "ops/cli/circuit.hpp"
#include "ops/cli/follow.hpp"

using namespace circuit;

TEST_CASE("a command for a person can be pasted into a shell") {
  CHECK(cli::command_on("./data", "up") == "circuit up");
  CHECK(cli::command_on("data/", "up") == "circuit up");
  CHECK(cli::command_on("/srv/circuit", "up") == "circuit up --data /srv/circuit");
  CHECK(cli::command_on("/my data/it's", "up") == R"(circuit up --data '/my data/it'\''s')");
}

TEST_CASE("an order is at rest when nothing more happens by itself") {
  for (const char* status : {"fulfilled", "refunded", "cancelled", "expired", "payment_failed", "fulfillment_failed"})
    CHECK(cli::is_at_rest(status));
  for (const char* status : {"pending_payment", "paid", "refund_pending", "something_new"})
    CHECK_FALSE(cli::is_at_rest(status));
}
