// Any text as a config file. A refusal says where; what is accepted can be printed and read again as the same settings.
#include <zmq.h>
#include <array>
#include <set>
#include <string>

#include "broker/config/config_error.hpp"
#include "broker/config/load.hpp"
#include "broker/config/reload.hpp"
#include "broker/config/settings_table.hpp"
#include "tests/fuzz/require.hpp"

using namespace circuit;
using fuzz::require;

namespace {

// Every setting, by the table that also makes the sample config.
std::string printed(config::Settings& settings) {
  std::string text;
  for (const config::Section& section : config::setting_sections()) {
    text += '[' + std::string(section.name) + "]\n";
    for (const config::SettingRow& row : config::setting_rows())
      if (row.section == section.name) text += std::string(row.key) + " = " + config::value_text(row, settings) + '\n';
  }
  if (settings.products.empty()) text += "product = []\n";
  for (config::Product& product : settings.products) {
    text += "[[product]]\n";
    for (const char* section : {"", "exec"}) {
      if (*section && product.handler != "exec") continue;
      if (*section) text += "[product.exec]\n";
      for (const config::ProductRow& row : config::product_rows())
        if (row.section == section) text += std::string(row.key) + " = " + config::value_text(row, product) + '\n';
    }
  }
  for (config::Upstream& upstream : settings.upstreams) {
    text += "[[upstream]]\n";
    for (const config::UpstreamRow& row : config::upstream_rows())
      text += std::string(row.key) + " = " + config::value_text(row, upstream) + '\n';
  }
  return text;
}

// A name or a key stands for one upstream, or one would come in as another.
void check_upstreams(const config::Settings& settings) {
  std::set<std::string> names, keys;
  for (const config::Upstream& upstream : settings.upstreams) {
    require(names.insert(upstream.name).second && keys.insert(upstream.public_key).second,
            "an upstream's name and its key are its own");
    std::array<std::uint8_t, 32> key;
    require(upstream.public_key.size() == 40 && zmq_z85_decode(key.data(), upstream.public_key.c_str()),
            "an upstream's key is one");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  config::Settings settings;
  try {
    settings = config::parse_settings(fuzz::view_of(data, size), "circuit.toml");
  } catch (const config::ConfigError& error) {
    require(std::string_view(error.what()).starts_with("circuit.toml:"), "a refusal names the file");
    return 0;
  }
  check_upstreams(settings);
  config::Settings again;
  try {
    again = config::parse_settings(printed(settings), "printed.toml");
  } catch (const config::ConfigError& error) {
    require(false, error.what());
  }
  require(again == settings, "printed settings are the same settings");
  config::Settings running;
  try {
    (void)config::take_over(running, settings);
    require(running.products == settings.products && running.upstreams == settings.upstreams,
            "a reload takes the catalogue and the upstreams over");
  } catch (const config::ConfigError&) {
    require(running == config::Settings{}, "a refused reload changes nothing");
  }
  return 0;
}
