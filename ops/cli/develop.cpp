// circuit bench, circuit test.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "ops/cli/bench.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/process.hpp"
#include "ops/cli/samples.hpp"

namespace circuit::cli {
namespace {

ExitCode test() {
  const auto source = source_directory();
  if (!source)
    throw Failure(ExitCode::no, "the tests are in the clone, and this program does not stand in one",
                  "in a clone, run: scripts/circuit test");
  const std::filesystem::path script = *source / "scripts" / "test";
  ::execl(script.c_str(), script.c_str(), static_cast<char*>(nullptr));
  throw Failure(ExitCode::io, script.string() + ": cannot be run: " + std::strerror(errno));
}

}  // namespace

Action declare_test(CLI::App&) {
  return [] { return test(); };
}

Action declare_bench(CLI::App& app) {
  auto options = std::make_shared<BenchOptions>();
  const auto positive = CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000});
  app.add_option("--orders", options->orders, "How many orders")
      ->type_name("N")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--window", options->window, "How many may be unacknowledged at a time")
      ->type_name("N")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--rate", options->rate, "Orders a second; 0: as fast as it goes")
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--upstreams", options->upstreams, "Over how many connections")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_flag("--waiting", options->waiting, "Orders wait for the customer by the config: over when acknowledged");
  app.add_flag("--replay", options->replay, "Beside it, one subscriber reads all events from the first on");
  app.add_option("--config", options->config, "The daemons' config file")->type_name("FILE");
  app.add_option("--data", options->data, "Use and keep this data directory, whose daemons must not run")
      ->type_name("DIR");
  app.add_flag("--json", options->json, "Print JSON, for programs");
  return [options] { return static_cast<ExitCode>(bench(*options, programs_directory())); };
}

}  // namespace circuit::cli
