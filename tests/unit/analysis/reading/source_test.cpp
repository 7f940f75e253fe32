#include "workers/fulfillment/analysis/reading/source.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <system_error>

#include "tests/unit/temporary_directory.hpp"

using namespace circuit::analysis;

namespace {

std::string read_all(Source& source, std::size_t piece) {
  std::string all;
  std::string buffer(piece, '\0');
  for (std::size_t got = source.read(buffer.data(), piece); got > 0; got = source.read(buffer.data(), piece))
    all += buffer.substr(0, got);
  return all;
}

}  // namespace

TEST_CASE("memory is read in pieces, and again from the start") {
  MemorySource source("hello, world");
  CHECK(source.size_hint() == 12);
  CHECK(read_all(source, 5) == "hello, world");
  source.rewind();
  CHECK(read_all(source, 100) == "hello, world");
  CHECK_FALSE(source.failure());
}

TEST_CASE("memory of nothing is read") {
  MemorySource source({});
  CHECK(read_all(source, 5).empty());
}

TEST_CASE("a file is read in pieces, and again from the start") {
  const circuit::tests::TemporaryDirectory directory;
  const auto path = directory.path() / "data.csv";
  std::ofstream(path) << "a,b\n1,2\n";
  FileSource source(path);
  CHECK(source.size_hint() == 8);
  CHECK(read_all(source, 3) == "a,b\n1,2\n");
  source.rewind();
  CHECK(read_all(source, 100) == "a,b\n1,2\n");
}

TEST_CASE("a file that cannot be read is an error that names it") {
  const circuit::tests::TemporaryDirectory directory;
  CHECK_THROWS_AS(FileSource(directory.path() / "none.csv"), std::system_error);
  CHECK_THROWS_WITH(FileSource(directory.path() / "none.csv"), Catch::Contains("none.csv: cannot be opened"));
  FileSource source(directory.path());
  char byte = 0;
  CHECK_THROWS_AS(source.read(&byte, 1), std::system_error);
}
