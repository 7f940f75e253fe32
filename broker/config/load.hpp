// Reads the config file (TOML 1.0) by the settings table. Nothing is guessed and nothing is ignored: what the table
// does not list, or lists otherwise, is a ConfigError that says where it stands and what would be right.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "broker/config/config_error.hpp"
#include "broker/config/settings.hpp"

namespace circuit::config {

// The defaults, or the defaults with what the file changes. Any [[product]] in the file replaces the whole default
// catalogue. Throws ConfigError, also when the file cannot be read.
[[nodiscard]] Settings load_settings(const std::optional<std::filesystem::path>& file);

// The same from text; `name` stands in messages where the file's path would.
[[nodiscard]] Settings parse_settings(std::string_view text, const std::string& name);

}  // namespace circuit::config
