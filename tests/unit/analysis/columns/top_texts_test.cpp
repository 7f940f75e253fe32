#include "workers/fulfillment/analysis/columns/top_texts.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace circuit::analysis;

TEST_CASE("the most frequent texts are clipped for the reports") {
  TextBudget budget{1 << 20};
  TextCounts counts(10, budget);
  counts.add("a");
  for (int i = 0; i < 3; ++i) counts.add(std::string(500, 'x'));
  const auto top = top_texts(counts, 1);
  REQUIRE(top.size() == 1);
  CHECK(top[0].count == 3);
  CHECK(top[0].text == std::string(text_code_points_max - 1, 'x') + "…");
}
