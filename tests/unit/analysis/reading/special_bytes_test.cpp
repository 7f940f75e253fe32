#include "workers/fulfillment/analysis/reading/special_bytes.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

using namespace circuit::analysis;

namespace {

bool is_special(char c, char delimiter) { return c == delimiter || c == '"' || c == '\n' || c == '\r'; }

std::vector<std::size_t> expected_in(const std::string& text, std::size_t size, std::size_t from, char delimiter) {
  std::vector<std::size_t> places;
  for (std::size_t i = from; i < size; ++i)
    if (is_special(text[i], delimiter)) places.push_back(i);
  return places;
}

std::vector<std::size_t> rest_of(SpecialBytes& special) {
  std::vector<std::size_t> places;
  for (std::size_t at = special.next(); at < special.size(); at = special.next()) places.push_back(at);
  return places;
}

// Bytes of all kinds, every second one special; 64 more behind `size`.
std::string random_text(std::size_t size, std::mt19937& random) {
  std::string text(size + 64, '\0');
  for (char& c : text) c = random() % 2 == 0 ? "\"\n\r;"[random() % 4] : static_cast<char>(random() % 256);
  return text;
}

}  // namespace

TEST_CASE("special bytes are found as one by one, at every length around the blocks of 64") {
  std::mt19937 random(1);
  for (std::size_t size = 0; size <= 200; ++size) {
    const std::string text = random_text(size, random);
    SpecialBytes special(text.data(), size, ';');
    REQUIRE(rest_of(special) == expected_in(text, size, 0, ';'));
    CHECK(special.next() == size);
  }
}

TEST_CASE("special bytes are found from any place on, forwards and backwards") {
  std::mt19937 random(2);
  const std::size_t size = 300;
  const std::string text = random_text(size, random);
  SpecialBytes special(text.data(), size, ';');
  for (int i = 0; i < 1000; ++i) {
    const std::size_t from = random() % (size + 1);
    special.seek(from);
    if (i % 2 == 0) REQUIRE(rest_of(special) == expected_in(text, size, from, ';'));
  }
}

TEST_CASE("the delimiter is the only one of its kind that is special") {
  const std::string text = "a,b;c\td|e" + std::string(64, ',');
  for (const char delimiter : {',', ';', '\t', '|'}) {
    SpecialBytes special(text.data(), 9, delimiter);
    CHECK(rest_of(special) == std::vector<std::size_t>{text.find(delimiter)});
  }
}
