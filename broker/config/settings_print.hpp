// The settings table as text for people.
#pragma once

#include <string>

namespace circuit::config {

// A Markdown page of all settings.
[[nodiscard]] std::string print_reference();

// A whole config file with comments; it loads to the defaults.
[[nodiscard]] std::string print_sample();

// For --help: one line a setting.
[[nodiscard]] std::string print_help();

}  // namespace circuit::config
