// circuit keygen: the CURVE keys of the network. An upstream's secret goes into a file for its owner; what the config
// needs is printed.
#include <unistd.h>

#include <memory>

#include "broker/config/load.hpp"
#include "broker/config/text_checks.hpp"
#include "broker/daemon/curve_key.hpp"
#include "broker/daemon/directories.hpp"
#include "broker/daemon/files.hpp"
#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/terminal.hpp"

namespace circuit::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  DataOption data;
  ConfigOption config;
  std::string name;
  std::string out;
  bool relay = false;
};

ExitCode of_upstream(const Options& options) {
  if (const auto fault = config::upstream_name_fault(options.name))
    throw Failure(ExitCode::usage, '"' + options.name + "\" " + *fault);
  const fs::path path = options.out.empty() ? options.name + ".key" : options.out;
  if (!daemon::create_curve_key(path))
    throw Failure(ExitCode::no, path.string() + ": is there already, and a key is never overwritten",
                  "give another --out");
  const client::CurveKeys keys = daemon::load_curve_key(path, "");
  note("The secret key is in " + path.string() + ". It is for " + options.name +
       " alone; these lines are for the config file of the circuit:\n\n");
  print("[[upstream]]\nname = \"" + options.name + "\"\npublic_key = \"" + keys.public_key + "\"\n");
  return ExitCode::ok;
}

// The relay makes its key itself when it starts without one; this is for whoever wants to know it before.
ExitCode of_relay(const Options& options) {
  const config::Settings settings = config::load_settings(options.config.path());
  const fs::path data = data_path(options.data.data);
  const fs::path path = daemon::key_path(data, settings.relay.key_file);
  daemon::make_directories(data, settings.access.group);
  const bool new_directory = fs::create_directories(path.parent_path());
  const bool made = daemon::create_curve_key(path);
  // What root makes for the relay's own user must be readable for it.
  if (made && !settings.relay.user.empty() && ::geteuid() == 0) {
    const uid_t user = daemon::find_user(settings.relay.user, "relay.user");
    if (::chown(path.c_str(), user, static_cast<gid_t>(-1)) != 0)
      daemon::throw_errno(path, "cannot give it to relay.user");
    if (new_directory && ::chown(path.parent_path().c_str(), user, static_cast<gid_t>(-1)) != 0)
      daemon::throw_errno(path.parent_path(), "cannot give it to relay.user");
  }
  const client::CurveKeys keys = daemon::load_curve_key(path, "bring it back from a backup");
  if (made) note("A new key of the relay was made in " + path.string() + ".\n");
  note("Every peer needs this public key of the relay:\n");
  print(keys.public_key + '\n');
  return ExitCode::ok;
}

ExitCode keygen(const Options& options) {
  if (options.relay == !options.name.empty())
    throw Failure(ExitCode::usage, "give either a NAME or --relay", "see: circuit keygen --help");
  return options.relay ? of_relay(options) : of_upstream(options);
}

}  // namespace

Action declare_keygen(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("NAME", options->name, "The upstream or subscriber that the key is for");
  app.add_option("--out", options->out, "The file for its secret key; default NAME.key")->type_name("FILE");
  app.add_flag("--relay", options->relay, "Print the relay's public key; make the key when there is none");
  options->data.declare(app);
  options->config.declare(app);
  return [options] { return keygen(*options); };
}

}  // namespace circuit::cli
