#include "broker/daemon/curve_key.hpp"

#include <sys/stat.h>
#include <catch2/catch.hpp>

#include "broker/config/config_error.hpp"
#include "broker/daemon/files.hpp"
#include "tests/unit/daemon/scratch_directory.hpp"

using namespace circuit::daemon;

TEST_CASE("a made key is private, is read back, and is never replaced") {
  const ScratchDirectory scratch;
  const auto path = scratch.path / "a.key";
  REQUIRE(create_curve_key(path));
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  const auto keys = load_curve_key(path, "");
  CHECK(keys.secret_key + '\n' == read_file(path, 64));
  CHECK(circuit::client::curve_keys_of(keys.secret_key)->public_key == keys.public_key);
  CHECK_FALSE(create_curve_key(path));
  CHECK(load_curve_key(path, "").secret_key == keys.secret_key);
  REQUIRE(create_curve_key(scratch.path / "b.key"));
  CHECK(load_curve_key(scratch.path / "b.key", "").secret_key != keys.secret_key);
}

TEST_CASE("the public key is the one that the manual page gives for its secret") {
  const auto keys = circuit::client::curve_keys_of("D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs");
  REQUIRE(keys);
  CHECK(keys->public_key == "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID");
}

TEST_CASE("a key that others can read, that is missing or that is none is refused with what to do") {
  const ScratchDirectory scratch;
  const auto path = scratch.path / "a.key";
  const auto refused_with = [&](const std::string& words) {
    CHECK_THROWS_AS(load_curve_key(path, "do this"), circuit::config::ConfigError);
    CHECK_THROWS_WITH(load_curve_key(path, "do this"),
                      Catch::StartsWith(path.string() + ": ") && Catch::Contains(words));
  };
  refused_with("is not there; do this");
  for (const char* content : {"", "\n", "short", "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs\n\n",
                              "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\""}) {
    write_file_durably(path, content);
    refused_with("is no CURVE key");
  }
  write_file_durably(path, std::string(1'000, 'x'));
  refused_with("too long");
  write_file_durably(path, "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs\n");
  using std::filesystem::perms;
  for (const perms right : {perms::group_read, perms::group_write, perms::group_exec, perms::others_read,
                            perms::others_write, perms::others_exec}) {
    std::filesystem::permissions(path, perms::owner_read | perms::owner_write | right);
    refused_with("chmod 600");
  }
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
  CHECK(load_curve_key(path, "do this").secret_key == "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs");
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  refused_with("no plain file");
}

TEST_CASE("a key's path is below the data directory unless it is absolute") {
  CHECK(key_path("/srv/circuit", "relay/relay.key") == "/srv/circuit/relay/relay.key");
  CHECK(key_path("data", "/etc/circuit/a.key") == "/etc/circuit/a.key");
}
