#include "workers/fulfillment/analysis/reading/truth.hpp"

#include <catch2/catch.hpp>

using namespace circuit::analysis;

TEST_CASE("the two sides of a question are recognised, whichever comes first") {
  CHECK(yes_of("true", "false") == "true");
  CHECK(yes_of("FALSE", "True") == "True");
  CHECK(yes_of("No", "YES") == "YES");
  CHECK(yes_of("n", "Y") == "Y");
  CHECK(yes_of("t", "f") == "t");
  CHECK(yes_of("off", "on") == "on");
  CHECK(yes_of("0", "1") == "1");
}

TEST_CASE("words that do not answer the same question are no sides of it") {
  CHECK_FALSE(yes_of("true", "no"));
  CHECK_FALSE(yes_of("true", "TRUE"));
  CHECK_FALSE(yes_of("y", "no"));
  CHECK_FALSE(yes_of("1", "false"));
  CHECK_FALSE(yes_of("", ""));
}

TEST_CASE("a truth value by itself is a whole word") {
  for (const char* cell : {"true", "False", "YES", "no"}) CHECK(is_truth(cell));
  for (const char* cell : {"y", "n", "t", "1", "0", "on", "", "truely", "none"}) CHECK_FALSE(is_truth(cell));
}
