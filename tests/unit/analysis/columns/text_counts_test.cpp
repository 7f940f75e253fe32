#include "workers/fulfillment/analysis/columns/text_counts.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <string>

using namespace circuit::analysis;

namespace {

std::vector<std::string> top(const TextCounts& counts, std::size_t max) {
  std::vector<std::string> texts;
  for (const std::uint32_t index : counts.top(max)) texts.emplace_back(counts.entries()[index].text);
  return texts;
}

}  // namespace

TEST_CASE("counts agree with a map, through all growth") {
  std::map<std::string, std::size_t> expected;
  TextBudget budget{std::size_t{100} << 20};
  TextCounts counts(100'000, budget);
  for (unsigned i = 0; i < 20'000; ++i) {
    const std::string text = std::string(i % 23, 'x') + std::to_string(i * 7919u % 3001u);
    counts.add(text);
    ++expected[text];
  }
  REQUIRE(counts.entries().size() == expected.size());
  for (const auto& entry : counts.entries()) REQUIRE(entry.count == expected[std::string(entry.text)]);
}

TEST_CASE("a text's index is its place in the order of appearance, each time") {
  TextBudget budget{1 << 20};
  TextCounts counts(10, budget);
  CHECK(counts.add("b") == 0);
  CHECK(counts.add("a") == 1);
  CHECK(counts.add("b") == 0);
  CHECK(counts.entries()[0].count == 2);
}

TEST_CASE("equally frequent texts come in the order of their bytes") {
  TextBudget budget{1 << 20};
  TextCounts counts(10, budget);
  for (const char* text : {"pear", "fig", "apple", "fig"}) counts.add(text);
  CHECK(top(counts, 2) == std::vector<std::string>{"fig", "apple"});
  CHECK(top(counts, 9).size() == 3);
}

TEST_CASE("beyond the limit, known texts go on counting and new ones do not") {
  TextBudget budget{1 << 20};
  TextCounts counts(2, budget);
  for (const char* text : {"a", "b"}) counts.add(text);
  CHECK(counts.is_complete());
  CHECK(counts.add("c") == TextCounts::none);
  CHECK(counts.add("a") == 0);
  CHECK_FALSE(counts.is_complete());
  CHECK(counts.entries().size() == 2);
  CHECK(counts.entries()[0].count == 2);
}

TEST_CASE("a limit of zero still keeps one text") {
  TextBudget budget{0};
  TextCounts counts(0, budget);
  CHECK(counts.add("a") == 0);
  CHECK(counts.add("b") == TextCounts::none);
}

TEST_CASE("columns share their budget, and each keeps at least one text") {
  TextBudget budget{sizeof(TextCounts::Entry) * 3 + 3};
  TextCounts first(100, budget);
  TextCounts second(100, budget);
  CHECK(first.add("a") == 0);
  CHECK(first.add("b") == 1);
  CHECK(second.add("c") == 0);
  CHECK(first.add("d") == TextCounts::none);
  TextCounts third(100, budget);
  CHECK(third.add("e") == 0);
  CHECK(third.add("f") == TextCounts::none);
  CHECK(budget.bytes_left == 0);
}

TEST_CASE("texts that differ in length, case or the bytes of zero are different") {
  using namespace std::string_literals;
  TextBudget budget{1 << 20};
  TextCounts counts(100, budget);
  for (const std::string& text : {""s, "a"s, "A"s, "aa"s, "aaaaaaaa"s, "aaaaaaaaa"s, "aaaaaaab"s, "a\x01"s})
    counts.add(text);
  CHECK(counts.entries().size() == 8);
}

TEST_CASE("long texts are told apart, though only their start is kept") {
  TextBudget budget{1 << 20};
  TextCounts counts(100, budget);
  const std::string start(5000, 'x');
  counts.add(start + "a");
  counts.add(start + "b");
  counts.add(start + "a");
  REQUIRE(counts.entries().size() == 2);
  CHECK(counts.entries()[0].count == 2);
  CHECK(counts.entries()[0].text.size() == TextCounts::kept_bytes_max);
  CHECK(counts.entries()[0].bytes == 5001);
  CHECK(counts.entries()[0].code_points == 5001);
}

TEST_CASE("a long text is not cut within a code point") {
  TextBudget budget{1 << 20};
  TextCounts counts(100, budget);
  for (std::size_t shift = 0; shift < 4; ++shift) {
    std::string text(shift, 'x');
    while (text.size() < 2000) text += "😀";
    counts.add(text);
    CHECK((counts.entries().back().text.size() - shift) % 4 == 0);
    CHECK(counts.entries().back().text.size() > TextCounts::kept_bytes_max - 4);
  }
}

TEST_CASE("texts stay where they are, in pages of any filling") {
  TextBudget budget{std::size_t{100} << 20};
  TextCounts counts(100'000, budget);
  for (int i = 0; i < 3000; ++i) counts.add(std::to_string(i) + std::string(static_cast<std::size_t>(i % 1100), 'x'));
  for (int i = 0; i < 3000; ++i) {
    const auto& entry = counts.entries()[static_cast<std::size_t>(i)];
    const std::string text = std::to_string(i) + std::string(static_cast<std::size_t>(i % 1100), 'x');
    REQUIRE(entry.text == text.substr(0, TextCounts::kept_bytes_max));
  }
}
