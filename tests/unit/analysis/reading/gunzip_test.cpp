#include "workers/fulfillment/analysis/reading/gunzip.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "tests/unit/analysis/reading/gzip.hpp"

using namespace circuit::analysis;

namespace {

struct Expanded {
  std::string text;
  std::string failure;
};

// In pieces of this size.
Expanded expand(std::string_view compressed, std::size_t piece = 1000, std::size_t bytes_max = 1'000'000) {
  MemorySource source(compressed);
  Gunzip gunzip(source, bytes_max);
  Expanded result;
  std::string buffer(piece, '\0');
  for (std::size_t got = gunzip.read(buffer.data(), piece); got > 0; got = gunzip.read(buffer.data(), piece))
    result.text += buffer.substr(0, got);
  if (gunzip.failure()) result.failure = gunzip.failure()->code;
  return result;
}

std::string sample_text() {
  std::mt19937 random(1);
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(random() % 1000) + ",";
  return text;
}

}  // namespace

TEST_CASE("gzip is told by its first two bytes") {
  CHECK(is_gzip(gzipped("a")));
  CHECK_FALSE(is_gzip("\x1F"));
  CHECK_FALSE(is_gzip("a,b"));
}

TEST_CASE("compressed text comes out whole, in pieces of any size") {
  const std::string text = sample_text();
  for (const std::size_t piece : {1, 7, 64, 1000, 1'000'000}) {
    const Expanded result = expand(gzipped(text), piece);
    CHECK(result.failure.empty());
    CHECK((result.text == text));
  }
}

TEST_CASE("several members are one text") {
  const Expanded result = expand(gzipped("a,b\n") + gzipped("") + gzipped("1,2\n"));
  CHECK(result.failure.empty());
  CHECK(result.text == "a,b\n1,2\n");
}

TEST_CASE("a member of nothing is an empty text") {
  const Expanded result = expand(gzipped(""));
  CHECK(result.failure.empty());
  CHECK(result.text.empty());
}

TEST_CASE("zeros behind the last member are padding") {
  const Expanded result = expand(gzipped("a,b\n") + std::string(1000, '\0'));
  CHECK(result.failure.empty());
  CHECK(result.text == "a,b\n");
}

TEST_CASE("a file that is cut off is damaged, wherever it is cut") {
  const std::string compressed = gzipped("a,b\n1,2\n3,4\n");
  for (std::size_t size = 2; size < compressed.size(); ++size)
    REQUIRE(expand(compressed.substr(0, size)).failure == "gzip_damaged");
}

TEST_CASE("a file that is cut off in its second member is damaged") {
  CHECK(expand(gzipped("a,b\n") + gzipped("1,2\n").substr(0, 15)).failure == "gzip_damaged");
}

TEST_CASE("a wrong checksum, a wrong length and text behind the end are damage") {
  std::string checksum = gzipped("a,b\n");
  checksum[checksum.size() - 8] = static_cast<char>(checksum[checksum.size() - 8] ^ 1);
  CHECK(expand(checksum).failure == "gzip_damaged");
  std::string length = gzipped("a,b\n");
  ++length.back();
  CHECK(expand(length).failure == "gzip_damaged");
  CHECK(expand(gzipped("a,b\n") + "more").failure == "gzip_damaged");
}

TEST_CASE("any single wrong bit is found, or harmless") {
  const std::string text = "name,value\nx,1\ny,2\n";
  const std::string compressed = gzipped(text);
  // The header's time, flags and system may be anything; they do not touch the text.
  for (std::size_t i = 10; i < compressed.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = compressed;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      const Expanded result = expand(damaged);
      REQUIRE((result.failure == "gzip_damaged" || result.text == text));
    }
}

TEST_CASE("expansion ends at its bound") {
  const std::string compressed = gzipped(std::string(1'000'000, 'a'));
  CHECK(expand(compressed, 1000, 1'000'000).failure.empty());
  const Expanded result = expand(compressed, 1000, 999'999);
  CHECK(result.failure == "input_expands_too_far");
  CHECK(result.text.size() <= 999'999);
}

TEST_CASE("compressed text can be read again from the start") {
  const std::string compressed = gzipped(sample_text()) + gzipped("end");
  MemorySource source(compressed);
  Gunzip gunzip(source, 1'000'000);
  std::string first(50'000, '\0');
  std::string second(50'000, '\0');
  REQUIRE(gunzip.read(first.data(), first.size()) == first.size());
  gunzip.rewind();
  REQUIRE(gunzip.read(second.data(), second.size()) == second.size());
  CHECK((first == second));
}
