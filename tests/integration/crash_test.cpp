// kill -9 in the middle of a thousand orders. Whatever dies, nothing that was acknowledged is lost, nobody pays twice,
// and all books agree in the end.
#include <catch2/catch.hpp>

#include "tests/integration/load.hpp"

using namespace circuit::integration;

namespace {

void survive(const std::vector<std::string>& names) {
  constexpr std::size_t orders = 1'000;
  Circuit circuit;
  circuit.start();
  Load load(circuit, orders);
  load.run(kills(circuit, names, {150, 400, 650, 900}));
  load.wait_until_fulfilled();
  check_books(circuit, load.order_ids());
}

}  // namespace

TEST_CASE("a thousand orders without any fault leave agreeing books") { survive({}); }
TEST_CASE("kill -9 of the broker loses nothing and charges nobody twice") { survive({"broker"}); }
TEST_CASE("kill -9 of the payment worker loses nothing and charges nobody twice") { survive({"payment"}); }
TEST_CASE("kill -9 of the fulfillment worker loses nothing and delivers once") { survive({"fulfillment"}); }
TEST_CASE("kill -9 of the sandbox loses nothing and charges nobody twice") { survive({"sandbox"}); }
TEST_CASE("kill -9 of the auditor leaves no gap in the log") { survive({"auditor"}); }
TEST_CASE("kill -9 of all daemons at once loses nothing and charges nobody twice") {
  survive({"broker", "sandbox", "payment", "fulfillment", "auditor"});
}
