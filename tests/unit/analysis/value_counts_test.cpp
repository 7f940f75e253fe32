#include "workers/fulfillment/analysis/value_counts.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <string>

using namespace circuit::analysis;

TEST_CASE("counts agree with a map, through all growth") {
  std::deque<std::string> texts;
  std::map<std::string, std::size_t> expected;
  ValueCounts counts(100'000);
  for (unsigned i = 0; i < 20'000; ++i) {
    texts.push_back(std::string(i % 23, 'x') + std::to_string(i * 7919u % 3001u));
    counts.add(texts.back());
    ++expected[texts.back()];
  }
  CHECK(counts.distinct() == expected.size());
  for (const auto& entry : counts.top(expected.size())) {
    if (entry.count != expected[std::string(entry.value)]) FAIL(entry.value);
  }
}

TEST_CASE("equally frequent values come in the order of their bytes") {
  ValueCounts counts(10);
  for (const char* value : {"pear", "fig", "apple", "fig"}) counts.add(value);
  const auto top = counts.top(2);
  REQUIRE(top.size() == 2);
  CHECK(top[0].value == "fig");
  CHECK(top[1].value == "apple");
}

TEST_CASE("beyond the limit, known values go on counting and new ones do not") {
  ValueCounts counts(2);
  for (const char* value : {"a", "b", "c", "a", "c"}) counts.add(value);
  CHECK(counts.distinct() == 2);
  CHECK_FALSE(counts.is_complete());
  CHECK(counts.top(9)[0].count == 2);
}

TEST_CASE("exactly as many values as the limit are complete") {
  ValueCounts counts(2);
  for (const char* value : {"a", "b", "a"}) counts.add(value);
  CHECK(counts.is_complete());
}

TEST_CASE("texts that differ in length or zero padding are different") {
  ValueCounts counts(10);
  for (const char* value : {"", "a", "aa", "aaaaaaaa", "aaaaaaaaa", "aaaaaaab"}) counts.add(value);
  CHECK(counts.distinct() == 6);
}

TEST_CASE("a limit of zero still keeps one value") {
  ValueCounts counts(0);
  counts.add("a");
  counts.add("b");
  CHECK(counts.top(1).at(0).value == "a");
}
