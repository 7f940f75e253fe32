#include "ops/cli/run.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <map>
#include <string>
#include <system_error>
#include <vector>

#include "broker/config/config_error.hpp"
#include "broker/config/nearest.hpp"
#include "broker/daemon/version.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/help.hpp"
#include "ops/cli/terminal.hpp"
#include "schema/crypto.hpp"

namespace circuit::cli {
namespace {

ExitCode fail(ExitCode code, const std::string& what, const std::string& next = {}) {
  note("circuit: " + what + '\n');
  if (!next.empty()) note("  next: " + next + '\n');
  return code;
}

ExitCode unknown_command(const std::string& word) {
  std::vector<std::string_view> names;
  for (const Command& command : commands()) names.push_back(command.name);
  const std::string_view meant = config::nearest(word, names);
  return fail(ExitCode::usage,
              "there is no command \"" + word + '"' +
                  (meant.empty() ? std::string() : "; did you mean " + std::string(meant) + '?'),
              "circuit help");
}

// The one place where exceptions end. The order matters: the classes derive from one another.
ExitCode guarded(const Action& action) {
  try {
    return action();
  } catch (const Failure& failure) {
    return fail(failure.code(), failure.what(), failure.next());
  } catch (const config::ConfigError& error) {
    return fail(ExitCode::config, error.what(), "put it right and run this again");
  } catch (const std::system_error& error) {
    return fail(ExitCode::io, error.what());
  } catch (const std::exception& error) {
    return fail(ExitCode::internal, error.what());
  }
}

ExitCode run_command(const Command& command, int argc, char** argv) {
  CLI::App app(std::string(command.sentence), "circuit " + std::string(command.name));
  describe(app, command);
  const Action action = command.declare(app);
  try {
    app.parse(argc - 1, argv + 1);
  } catch (const CLI::CallForHelp&) {
    print(app.help());
    return ExitCode::ok;
  } catch (const CLI::ParseError& error) {
    return fail(ExitCode::usage, error.what(), "circuit help " + std::string(command.name));
  }
  return action();
}

ExitCode dispatch(int argc, char** argv) {
  const std::string word = argc > 1 ? argv[1] : "--help";
  if (word == "--help" || word == "-h") {
    print(help_text());
    return ExitCode::ok;
  }
  if (word == "--version" || word == "-V") {
    print("circuit " + std::string(daemon::version) + '\n');
    return ExitCode::ok;
  }
  const Command* command = find_command(word);
  return command ? run_command(*command, argc, argv) : unknown_command(word);
}

}  // namespace

int run(int argc, char** argv) {
  return static_cast<int>(guarded([&] {
    schema::crypto_init();
    return dispatch(argc, argv);
  }));
}

}  // namespace circuit::cli
