// The help: all commands by group, one command with its options and examples, and the exit codes.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>
#include <string_view>

#include "ops/cli/command.hpp"

namespace circuit::cli {

// Puts the examples below the options of a command's own help.
void describe(CLI::App& app, const Command& command);

[[nodiscard]] std::string help_text();
// As `circuit NAME --help` prints it.
[[nodiscard]] std::string help_text(const Command& command);
[[nodiscard]] std::string exit_codes_text();

}  // namespace circuit::cli
