#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "broker/config/load.hpp"
#include "broker/config/settings_print.hpp"

namespace circuit::config {
namespace {

std::string page(const std::string& path) {
  std::ifstream file(std::string(CIRCUIT_SOURCE_DIR) + "/ops/config/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("the sample config is printed from the settings table") {
  INFO("run scripts/docs");
  CHECK(page("circuit.sample.toml") == print_sample());
}

TEST_CASE("the reference of the settings is printed from the settings table") {
  INFO("run scripts/docs");
  CHECK(page("REFERENCE.md") == print_reference());
}

TEST_CASE("the sample config loads to the defaults") {
  CHECK(load_settings(std::string(CIRCUIT_SOURCE_DIR) + "/ops/config/circuit.sample.toml") == Settings{});
}

}  // namespace
}  // namespace circuit::config
