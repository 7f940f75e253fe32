#include "workers/fulfillment/analysis/reading/cell_text.hpp"

#include <catch2/catch.hpp>

using namespace circuit::analysis;

TEST_CASE("spaces and tabs around a cell are taken off") {
  CHECK(trimmed(" \t a b\t ") == "a b");
  CHECK(trimmed("a") == "a");
  CHECK(trimmed(" \t ").empty());
  CHECK(trimmed("").empty());
}

TEST_CASE("cells are compared without regard to the case of ASCII letters") {
  CHECK(equals_ignoring_case("TrUe", "true"));
  CHECK_FALSE(equals_ignoring_case("true ", "true"));
  CHECK_FALSE(equals_ignoring_case("É", "é"));
  CHECK_FALSE(equals_ignoring_case("[", "{"));  // 32 apart, as letters are
}

TEST_CASE("all words for a missing value are missing") {
  for (const std::string_view word : missing_words) {
    INFO(word);
    CHECK(is_missing(word));
    CHECK(is_missing_among_values(word));
  }
}

TEST_CASE("None and unknown are values of their own in a category, and missing among numbers") {
  for (const char* cell : {"None", "none", "unknown", "Missing", "n.a.", "#VALUE!", "#Div/0!", "TBD", "Na"}) {
    INFO(cell);
    CHECK_FALSE(is_missing(cell));
    CHECK(is_missing_among_values(cell));
  }
}

TEST_CASE("what is a value is not missing") {
  for (const char* cell :
       {"0", "-1", "Nope", "N/B", "nana", "---", "..", "#N", "\\", "(nil)", "null!", "no", "false"}) {
    INFO(cell);
    CHECK_FALSE(is_missing(cell));
    CHECK_FALSE(is_missing_among_values(cell));
  }
}
