#include "broker/daemon/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <catch2/catch.hpp>
#include <system_error>
#include <thread>
#include <vector>

#include "broker/config/config_error.hpp"
#include "tests/unit/daemon/scratch_directory.hpp"

using namespace circuit::daemon;

namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

std::ptrdiff_t entries(const std::filesystem::path& path) {
  return std::distance(std::filesystem::directory_iterator(path), std::filesystem::directory_iterator());
}

bool is_open(int descriptor) { return ::fcntl(descriptor, F_GETFD) >= 0; }

}  // namespace

TEST_CASE("a descriptor is closed once, by its last owner") {
  FileDescriptor first = open_file("/dev/null", O_RDONLY);
  const int number = first.get();
  CHECK((::fcntl(number, F_GETFD) & FD_CLOEXEC) != 0);
  {
    FileDescriptor second(std::move(first));
    CHECK_FALSE(first);
    CHECK(second.get() == number);
    CHECK(is_open(number));
    second = FileDescriptor();
    CHECK_FALSE(is_open(number));
  }
  FileDescriptor third = open_file("/dev/null", O_RDONLY);
  const int released = third.release();
  third.close();
  CHECK(is_open(released));
  FileDescriptor(released).close();
}

TEST_CASE("what is written durably is read again") {
  const ScratchDirectory scratch;
  const auto path = scratch.path / "file";
  const std::string content("a\0b\n", 4);
  write_file_durably(path, content);
  CHECK(read_file(path, 4) == content);
  CHECK(mode_of(path) == 0600);
  const std::string longer(1 << 20, 'x');
  write_file_durably(path, longer, 0644);
  CHECK(read_file(path, longer.size()) == longer);
  CHECK(mode_of(path) == 0644);
  write_file_durably(path, "");
  CHECK(read_file(path, 0).empty());
  CHECK(entries(scratch.path) == 1);
}

TEST_CASE("a write that fails leaves the old file and no other") {
  const ScratchDirectory scratch;
  const auto path = scratch.path / "taken";
  std::filesystem::create_directory(path);
  CHECK_THROWS_AS(write_file_durably(path, "content"), std::system_error);
  CHECK(std::filesystem::is_directory(path));
  CHECK(entries(scratch.path) == 1);
}

TEST_CASE("a file longer than asked for is refused") {
  const ScratchDirectory scratch;
  write_file_durably(scratch.path / "file", "12345");
  CHECK_THROWS_WITH(read_file(scratch.path / "file", 4),
                    Catch::Contains((scratch.path / "file").string()) && Catch::Contains("longer than 4 bytes"));
  CHECK_THROWS_AS(read_file("/dev/zero", 1 << 20), std::system_error);
}

TEST_CASE("errors name the path and the reason") {
  CHECK_THROWS_WITH(read_file("/nowhere/file", 1), "/nowhere/file: cannot open: No such file or directory");
  CHECK_THROWS_WITH(write_file_durably("/nowhere/file", ""),
                    Catch::StartsWith("/nowhere/file: ") && Catch::EndsWith("No such file or directory"));
  CHECK_THROWS_WITH(sync_directory("/nowhere"), Catch::StartsWith("/nowhere: "));
  CHECK_THROWS_WITH(write_all(open_file("/dev/full", O_WRONLY), "x", "/dev/full"),
                    "/dev/full: cannot write: No space left on device");
}

TEST_CASE("a key is made once and stays the same") {
  const ScratchDirectory scratch;
  const auto key = load_or_create_key(scratch.path / "key");
  CHECK(key != circuit::schema::Key32{});
  CHECK(mode_of(scratch.path / "key") == 0600);
  CHECK(load_or_create_key(scratch.path / "key") == key);
  CHECK(load_or_create_key(scratch.path / "other") != key);
  CHECK(entries(scratch.path) == 2);
}

TEST_CASE("of several that make a key at once all get the same") {
  const ScratchDirectory scratch;
  std::vector<circuit::schema::Key32> keys(8);
  {
    std::vector<std::jthread> threads;
    for (auto& key : keys) threads.emplace_back([&] { key = load_or_create_key(scratch.path / "key"); });
  }
  for (const auto& key : keys) CHECK(key == keys[0]);
  CHECK(entries(scratch.path) == 1);
}

TEST_CASE("a key that others can read is refused") {
  const ScratchDirectory scratch;
  const auto path = scratch.path / "key";
  (void)load_or_create_key(path);
  for (const mode_t mode : {0640u, 0604u, 0620u, 0601u}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    CHECK_THROWS_AS(load_or_create_key(path), circuit::config::ConfigError);
  }
  REQUIRE(::chmod(path.c_str(), 0400) == 0);
  CHECK_NOTHROW(load_or_create_key(path));
}

TEST_CASE("a key of another size is refused and left alone") {
  const ScratchDirectory scratch;
  const auto path = scratch.path / "key";
  for (const std::size_t size : {0u, 31u, 33u}) {
    write_file_durably(path, std::string(size, 'k'));
    CHECK_THROWS_WITH(load_or_create_key(path), Catch::Contains("has " + std::to_string(size) + " bytes"));
    CHECK(read_file(path, 64).size() == size);
  }
  CHECK_THROWS_AS(load_or_create_key(scratch.path), circuit::config::ConfigError);
}
