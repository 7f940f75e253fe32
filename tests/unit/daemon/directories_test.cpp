#include "broker/daemon/directories.hpp"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include "broker/config/config_error.hpp"
#include "tests/unit/daemon/scratch_directory.hpp"

using circuit::config::ConfigError;
using circuit::daemon::make_directories;

namespace {

struct stat status_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status;
}
mode_t mode_of(const std::filesystem::path& path) { return status_of(path).st_mode & 07777; }

std::string own_group() {
  const struct group* entry = ::getgrgid(::getegid());
  return entry ? entry->gr_name : "";
}

}  // namespace

TEST_CASE("the data directory and run/ are made for their owner only") {
  const ScratchDirectory scratch;
  const auto data = scratch.path / "new" / "data";
  make_directories(data, "");
  CHECK(mode_of(data) == 0700);
  CHECK(mode_of(data / "run") == 0700);
  CHECK_NOTHROW(make_directories(data, ""));
}

TEST_CASE("with a group its members get through to run/ and list nothing else") {
  const std::string group = own_group();
  if (group.empty()) return;
  const ScratchDirectory scratch;
  const auto data = scratch.path / "data";
  make_directories(data, group);
  CHECK(mode_of(data) == 0710);
  CHECK(mode_of(data / "run") == 02750);
  CHECK(status_of(data / "run").st_gid == ::getegid());
}

TEST_CASE("a group that is taken out of the settings loses run/ again") {
  const std::string group = own_group();
  if (group.empty()) return;
  const ScratchDirectory scratch;
  make_directories(scratch.path, "");
  make_directories(scratch.path, group);
  CHECK(mode_of(scratch.path) == 0710);
  CHECK(mode_of(scratch.path / "run") == 02750);
  make_directories(scratch.path, "");
  CHECK(mode_of(scratch.path / "run") == 0700);
}

TEST_CASE("the mode that an operator gave the data directory stays") {
  const ScratchDirectory scratch;
  REQUIRE(::chmod(scratch.path.c_str(), 0750) == 0);
  make_directories(scratch.path, "");
  CHECK(mode_of(scratch.path) == 0750);
}

TEST_CASE("an unknown group is refused") {
  const ScratchDirectory scratch;
  CHECK_THROWS_WITH(make_directories(scratch.path, "no-such-group-here"),
                    "access.group: there is no group \"no-such-group-here\"");
  CHECK_FALSE(std::filesystem::exists(scratch.path / "run"));
}

TEST_CASE("a data directory too long for its sockets is refused before anything is made") {
  const ScratchDirectory scratch;
  const std::size_t fits = 107 - std::string("/run/orders-push.sock").size();
  const std::string base = scratch.path.string() + '/';
  const std::string longest = base + std::string(fits - base.size(), 'd');
  CHECK_NOTHROW(make_directories(longest, ""));
  CHECK_THROWS_WITH(make_directories(longest + 'd', ""), Catch::Contains("shorter --data") && Catch::Contains("107"));
  CHECK_FALSE(std::filesystem::exists(longest + 'd'));
}

TEST_CASE("a file in the place of a directory is refused") {
  const ScratchDirectory scratch;
  REQUIRE(::mknod((scratch.path / "run").c_str(), S_IFREG | 0600, 0) == 0);
  CHECK_THROWS_AS(make_directories(scratch.path, ""), ConfigError);
  CHECK_THROWS_AS(make_directories(scratch.path / "run", ""), ConfigError);
}
