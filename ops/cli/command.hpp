// One command of `circuit`: its line in the help, and how it declares its options. The table of all of them is
// commands.cpp.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <functional>
#include <span>
#include <string_view>

#include "ops/cli/exit_code.hpp"

namespace circuit::cli {

// Runs a command whose options were read.
using Action = std::function<ExitCode()>;

struct Command {
  std::string_view group;  // its heading in the help
  std::string_view name;
  std::string_view sentence;
  std::string_view examples;  // whole lines
  // Adds the options to the command's app. The action keeps what they are read into.
  Action (*declare)(CLI::App& app);
};

// All commands, those of a group together.
[[nodiscard]] std::span<const Command> commands();
[[nodiscard]] const Command* find_command(std::string_view name);

// Declared one a file, near what they do.
Action declare_demo(CLI::App& app);
Action declare_analyze(CLI::App& app);
Action declare_up(CLI::App& app);
Action declare_down(CLI::App& app);
Action declare_status(CLI::App& app);
Action declare_submit(CLI::App& app);
Action declare_pay(CLI::App& app);
Action declare_refund(CLI::App& app);
Action declare_cancel(CLI::App& app);
Action declare_order(CLI::App& app);
Action declare_orders(CLI::App& app);
Action declare_receipt(CLI::App& app);
Action declare_deliver(CLI::App& app);
Action declare_tail(CLI::App& app);
Action declare_stats(CLI::App& app);
Action declare_verify(CLI::App& app);
Action declare_replay(CLI::App& app);
Action declare_export(CLI::App& app);
Action declare_backup(CLI::App& app);
Action declare_restore(CLI::App& app);
Action declare_attention(CLI::App& app);
Action declare_retry(CLI::App& app);
Action declare_license(CLI::App& app);
Action declare_bench(CLI::App& app);
Action declare_test(CLI::App& app);
Action declare_help(CLI::App& app);
Action declare_version(CLI::App& app);

}  // namespace circuit::cli
