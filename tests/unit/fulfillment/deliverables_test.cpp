#include "workers/fulfillment/deliverables.hpp"

#include <catch2/catch.hpp>
#include <system_error>

#include "tests/unit/fulfillment/order.hpp"
#include "tests/unit/fulfillment/sync_calls.hpp"
#include "workers/fulfillment/scratch.hpp"

using namespace circuit;
using namespace circuit::fulfillment;

namespace {
namespace fs = std::filesystem;

fs::perms mode_of(const fs::path& path) { return fs::status(path).permissions(); }
}  // namespace

TEST_CASE("sealed files are hashed, private and sorted by name") {
  ScratchDirectory scratch;
  write_content(scratch.path() / "output" / "b.txt", "abc");
  write_content(scratch.path() / "output" / "a.txt", "");
  fs::create_directory(scratch.path() / "deliverables");
  const fs::path place = scratch.path() / "deliverables" / "ord" / "1-2";
  const auto files = seal(scratch.path() / "output", place);
  REQUIRE(files.size() == 2);
  CHECK(files[0].name == "a.txt");
  CHECK(files[0].size == 0);
  CHECK(files[0].sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(files[1].name == "b.txt");
  CHECK(files[1].size == 3);
  CHECK(files[1].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(content_of(place / "b.txt") == "abc");
  CHECK(mode_of(place / "b.txt") == static_cast<fs::perms>(0640));
  CHECK(mode_of(place.parent_path()) == fs::perms::owner_all);
  CHECK_FALSE(fs::exists(scratch.path() / "output"));
}

TEST_CASE("files are synced before they get their place, and every directory above them after") {
  ScratchDirectory scratch;
  const std::string root = fs::canonical(scratch.path()).string();
  write_content(root + "/output/file", "abc");
  fs::create_directory(root + "/deliverables");
  (void)take_sync_calls();
  (void)seal(root + "/output", root + "/deliverables/ord/1-2");
  CHECK(take_sync_calls() == std::vector<std::string>{"fsync " + root + "/output/file", "fsync " + root + "/output",
                                                      "rename " + root + "/output " + root + "/deliverables/ord/1-2",
                                                      "fsync " + root + "/deliverables/ord",
                                                      "fsync " + root + "/deliverables"});
}

TEST_CASE("a file that its program made unreadable is sealed all the same") {
  ScratchDirectory scratch;
  write_content(scratch.path() / "output" / "file", "abc");
  fs::permissions(scratch.path() / "output" / "file", fs::perms::none);
  fs::create_directory(scratch.path() / "deliverables");
  CHECK(seal(scratch.path() / "output", scratch.path() / "deliverables" / "ord" / "1-1").size() == 1);
}

TEST_CASE("a lease's files never replace others") {
  ScratchDirectory scratch;
  const fs::path place = scratch.path() / "deliverables" / "ord" / "1-1";
  write_content(place / "file", "first");
  write_content(scratch.path() / "output" / "file", "second");
  CHECK_THROWS_AS(seal(scratch.path() / "output", place), std::system_error);
  CHECK(content_of(place / "file") == "first");
}

TEST_CASE("removing one lease's files leaves the other's") {
  ScratchDirectory scratch;
  const fs::path order = scratch.path() / "deliverables" / "ord";
  write_content(order / "1-1" / "file", "x");
  write_content(order / "1-2" / "file", "x");
  remove_deliverable(order / "1-1");
  CHECK_FALSE(fs::exists(order / "1-1"));
  CHECK(fs::exists(order / "1-2" / "file"));
  remove_deliverable(order / "1-2");
  CHECK_FALSE(fs::exists(order));
  CHECK(fs::exists(order.parent_path()));
}

TEST_CASE("a worker removes what a dead one left, and nothing of a living one") {
  ScratchDirectory data;
  write_content(data.path() / "work" / "dead" / "run" / "input" / "secret", "x");
  const Scratch living(data.path());
  CHECK_FALSE(fs::exists(data.path() / "work" / "dead"));
  write_content(living.path() / "run" / "output" / "file", "x");
  {
    const Scratch second(data.path());
    CHECK(second.path() != living.path());
    CHECK(fs::exists(living.path() / "run" / "output" / "file"));
  }
  CHECK(std::distance(fs::directory_iterator(data.path() / "work"), fs::directory_iterator()) == 1);
}
