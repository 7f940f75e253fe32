#include "ops/cli/license_check.hpp"

#include <catch2/catch.hpp>

#include "broker/daemon/files.hpp"
#include "ops/cli/failure.hpp"
#include "tests/unit/temporary_directory.hpp"

using namespace circuit;

namespace {

struct Sold {
  tests::TemporaryDirectory directory;
  schema::LicenseKeypair keys = schema::license_keypair_from_seed({1, 2, 3});
  std::filesystem::path license = directory.path() / "license.txt";
  Sold() { write(schema::render_license({{}, "LICENSE_KEY_V1", "customer_001", 5}, keys.secret_key)); }
  void write(const std::string& text) const { daemon::write_file_durably(license, text); }
};

}  // namespace

TEST_CASE("a licence is checked with the text of the public key alone") {
  const Sold sold;
  const auto key = cli::license_key_from(schema::license_key_text(sold.keys.public_key));
  cli::Json json = cli::license_json(cli::check_license(sold.license, key));
  CHECK(json["valid"] == true);
  CHECK(json["customer_id"] == "customer_001");
  CHECK(json["issued_at"] == 5);
}

TEST_CASE("the public key may stand in a file") {
  const Sold sold;
  const auto path = sold.directory.path() / "key.txt";
  daemon::write_file_durably(path, schema::license_key_text(sold.keys.public_key) + '\n');
  CHECK(cli::license_key_from(path.string()) == sold.keys.public_key);
}

TEST_CASE("what is no key is said to be none") {
  const Sold sold;
  CHECK_THROWS_AS(cli::license_key_from("nothing"), cli::Failure);
  CHECK_THROWS_AS(cli::license_key_from(sold.license.string()), cli::Failure);
}

TEST_CASE("a licence that was changed, or is of another key, is refused with its reason") {
  const Sold sold;
  const auto other = schema::license_keypair_from_seed({9}).public_key;
  const cli::Json json = cli::license_json(cli::check_license(sold.license, other));
  CHECK(json["valid"] == false);
  CHECK(json["reason"] == schema::text_of(schema::LicenseRefusal::wrong_signature));
  sold.write("circuit-license v1\n");
  CHECK(cli::license_json(cli::check_license(sold.license, sold.keys.public_key))["valid"] == false);
}

TEST_CASE("asking for the key of a data directory never makes one") {
  const tests::TemporaryDirectory data;
  std::filesystem::create_directory(data.path() / "keys");
  CHECK_THROWS_AS(cli::license_key_of(data.path()), cli::Failure);
  CHECK_FALSE(std::filesystem::exists(data.path() / "keys" / "license.key"));
  const auto seed = daemon::load_or_create_key(data.path() / "keys" / "license.key");
  CHECK(cli::license_key_of(data.path()) == schema::license_keypair_from_seed(seed).public_key);
}
