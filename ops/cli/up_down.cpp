// circuit up, circuit down, circuit reload.
#include <memory>

#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/daemons.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/terminal.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  ConfigOption config;
};

ExitCode up(const Options& options) {
  Daemons daemons(options.data.data, programs_directory());
  const std::vector<std::string> started = daemons.start(options.config.path());
  for (const std::string& name : started) print("started " + name + '\n');
  print(started.empty() ? "The circuit is up already.\n" : "The circuit is up.\n");
  return ExitCode::ok;
}

ExitCode down(const Options& options) {
  const std::vector<StoppedDaemon> stopped = Daemons(options.data.data, programs_directory()).stop();
  for (const auto& [name, killed] : stopped)
    print("stopped " + name + (killed ? " (killed: it did not leave when asked)\n" : "\n"));
  print(stopped.empty() ? "The circuit was not up.\n" : "The circuit is down.\n");
  return ExitCode::ok;
}

ExitCode reload(const Options& options) {
  Daemons daemons(options.data.data, programs_directory());
  const std::vector<std::string> told = daemons.reload();
  if (told.empty())
    throw Failure(ExitCode::unreachable, "no daemon runs here that `circuit up` has started",
                  command_on(daemons.data(), "circuit up") + "; under systemd: systemctl reload 'circuit-*'");
  for (const std::string& name : told) print("told " + name + '\n');
  print("What each one takes over, and what needs a restart, is in its log: " +
        daemons.log_path("circuit-broker").string() + '\n');
  return ExitCode::ok;
}

}  // namespace

Action declare_up(CLI::App& app) {
  auto options = std::make_shared<Options>();
  options->data.declare(app);
  options->config.declare(app);
  return [options] { return up(*options); };
}

Action declare_down(CLI::App& app) {
  auto options = std::make_shared<Options>();
  options->data.declare(app);
  return [options] { return down(*options); };
}

Action declare_reload(CLI::App& app) {
  auto options = std::make_shared<Options>();
  options->data.declare(app);
  return [options] { return reload(*options); };
}

}  // namespace circuit::cli
