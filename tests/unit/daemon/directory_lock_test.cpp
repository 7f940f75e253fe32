#include "broker/daemon/directory_lock.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <system_error>

#include "tests/unit/daemon/scratch_directory.hpp"

using namespace circuit::daemon;

TEST_CASE("a locked directory is refused to a second daemon and named") {
  const ScratchDirectory scratch;
  std::optional<DirectoryLock> first(scratch.path);
  CHECK_THROWS_AS(DirectoryLock(scratch.path), LockHeld);
  CHECK_THROWS_WITH(DirectoryLock(scratch.path),
                    Catch::Contains(scratch.path.string()) && Catch::Contains("another daemon"));
  first.reset();
  CHECK_NOTHROW(DirectoryLock(scratch.path));
}

TEST_CASE("a moved lock is still held") {
  const ScratchDirectory scratch;
  std::optional<DirectoryLock> first(scratch.path);
  const DirectoryLock second(std::move(*first));
  first.reset();
  CHECK_THROWS_AS(DirectoryLock(scratch.path), LockHeld);
}

TEST_CASE("the lock of a directory that is not there is an I/O error") {
  CHECK_THROWS_AS(DirectoryLock("/nowhere"), std::system_error);
}
