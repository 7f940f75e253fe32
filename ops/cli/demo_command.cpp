// circuit demo: starts the daemons, runs the demo, stops what it started.

#include <memory>

#include "ops/cli/command.hpp"
#include "ops/cli/daemons.hpp"
#include "ops/cli/demo.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/interrupt.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/samples.hpp"
#include "ops/cli/temporary_directory.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {
namespace {

struct Options {
  std::string data;
  JsonOption json;
  bool keep_running = false;
};

// Starts what does not run yet, and stops that again unless it is told to leave it.
class OwnDaemons {
 public:
  explicit OwnDaemons(Daemons& daemons) : daemons_(daemons) {}
  OwnDaemons(const OwnDaemons&) = delete;
  OwnDaemons& operator=(const OwnDaemons&) = delete;
  ~OwnDaemons() {
    try {
      (void)daemons_.stop(running_before_ ? std::vector<std::string>() : all_names());
    } catch (const std::exception& error) {
      note(std::string("circuit: the daemons of the demo could not be stopped: ") + error.what() + '\n');
    }
  }

  void start() {
    for (const DaemonState& state : daemons_.states()) running_before_ |= state.pid != 0;
    (void)daemons_.start(std::nullopt);
  }
  void leave() { running_before_ = true; }
  [[nodiscard]] bool will_stop() const { return !running_before_; }

 private:
  static std::vector<std::string> all_names() { return {daemon_names.begin(), daemon_names.end()}; }
  Daemons& daemons_;
  bool running_before_ = false;
};

ExitCode demo(const Options& options) {
  const std::vector<std::filesystem::path> files = sample_files();
  const std::filesystem::path data =
      options.data.empty() ? make_temporary_directory("circuit-demo-") : std::filesystem::path(options.data);
  const auto say = [&](const std::string& text) {
    if (!options.json.json) print(text);
  };
  // Declared first, so that it still holds while the daemons are stopped.
  const Interrupt interrupt;
  Daemons daemons(data, programs_directory());
  say("Starting the daemons in " + data.string() + " ...\n");
  const std::int64_t began_us = now_us();
  OwnDaemons own(daemons);
  own.start();
  say("Five daemons are ready after " + duration_text(now_us() - began_us) +
      ". Ordering an analysis of three real data sets ...\n\n");
  Circuit circuit(data);
  const DemoResult result = run_demo(circuit, files);
  print(options.json.json ? json_text(demo_json(result)) : demo_text(result));
  if (options.keep_running) own.leave();
  if (!own.will_stop()) {
    say("\nThe daemons are up. Look around: " + command_on(data, "status") +
        "\nStop them with:           " + command_on(data, "down") + '\n');
  } else {
    say("\nThe daemons stop now; the directory stays: " + data.string() + '\n');
  }
  return result.good() ? ExitCode::ok : ExitCode::no;
}

}  // namespace

Action declare_demo(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("--data", options->data, "Use this data directory; a new temporary one if not given")
      ->type_name("DIR");
  app.add_flag("--keep-running", options->keep_running, "Leave the daemons up");
  options->json.declare(app);
  return [options] { return demo(*options); };
}

}  // namespace circuit::cli
