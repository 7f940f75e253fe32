#include "broker/daemon/run.hpp"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>

#include "broker/config/load.hpp"
#include "broker/config/settings_print.hpp"
#include "broker/daemon/directories.hpp"
#include "broker/daemon/directory_lock.hpp"
#include "broker/daemon/exit_code.hpp"
#include "broker/daemon/log.hpp"
#include "broker/daemon/signals.hpp"
#include "broker/daemon/version.hpp"

namespace circuit::daemon {
namespace {

struct CommandLine {
  std::string data = "./data";
  std::string config;
  std::string name;
};

// A name ends up in log lines and in `circuit status`.
std::string name_fault(const std::string& name) {
  constexpr std::size_t bytes_max = 64;
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || std::string_view("._-@").find(c) != std::string_view::npos;
  };
  if (!name.empty() && name.size() <= bytes_max && std::ranges::all_of(name, allowed)) return "";
  return "a name has 1 to 64 letters, digits, '.', '_', '-' and '@'";
}

// Nothing for --help, --version and mistakes: their text was printed, and the exit code is in `code`.
std::optional<CommandLine> parse(int argc, const char* const* argv, const Description& description, ExitCode& code) {
  const std::string program(description.name);
  CommandLine line;
  line.name = program;
  CLI::App app(std::string(description.sentence), program);
  app.add_option("--data", line.data, "The data directory")->type_name("DIR")->capture_default_str();
  app.add_option("--config", line.config, "The config file; without it the defaults hold")->type_name("FILE");
  app.add_option("--name", line.name, "What this instance is called in logs and in `circuit status`")
      ->type_name("NAME")
      ->check(name_fault)
      ->capture_default_str();
  app.set_version_flag("--version", program + ' ' + std::string(version), "Print the version and leave");
  app.footer(config::print_help);
  try {
    app.parse(argc, argv);
    if (line.data.empty()) throw CLI::ValidationError("--data", "must name a directory");
    if (app.count("--config") > 0 && line.config.empty()) throw CLI::ValidationError("--config", "must name a file");
  } catch (const CLI::ParseError& error) {
    code = app.exit(error) == 0 ? ExitCode::ok : ExitCode::usage;
    return std::nullopt;
  }
  return line;
}

// Each connection takes a descriptor, and the usual soft limit of 1024 is only for programs that call select(2).
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
    spdlog::warn("cannot raise the limit of open files: {}", std::strerror(errno));
}

void start_and_run(const CommandLine& line, const std::function<void(Context&)>& body) {
  std::optional<std::filesystem::path> file;
  if (!line.config.empty()) file = line.config;
  config::Settings settings = config::load_settings(file);
  raise_descriptor_limit();
  std::filesystem::path data = std::filesystem::path(line.data).lexically_normal();
  if (!data.has_filename()) data = data.parent_path();
  make_directories(data, settings.access.group);
  Context context(std::move(data), std::move(settings), line.name, std::move(file));
  spdlog::info("starting: version {}, data in {}", version, context.data().string());
  body(context);
  spdlog::info("stopped");
}

ExitCode fail(ExitCode code, const char* what) {
  spdlog::critical("{} (exit code {})", what, static_cast<int>(code));
  return code;
}

// The one place where exceptions end. The order matters: the classes derive from one another.
ExitCode guarded(const CommandLine& line, const std::function<void(Context&)>& body) {
  try {
    start_and_run(line, body);
    return ExitCode::ok;
  } catch (const config::ConfigError& error) {
    return fail(ExitCode::config, error.what());
  } catch (const LockHeld& error) {
    return fail(ExitCode::unavailable, error.what());
  } catch (const std::system_error& error) {
    return fail(ExitCode::io, error.what());
  } catch (const std::exception& error) {
    return fail(ExitCode::internal, error.what());
  } catch (...) {
    return fail(ExitCode::internal, "an exception of an unknown kind");
  }
}

}  // namespace

int run(int argc, const char* const* argv, const Description& description, const std::function<void(Context&)>& body) {
  ExitCode code = ExitCode::ok;
  if (const auto line = parse(argc, argv, description, code)) {
    ::umask(077);
    block_signals();
    start_log(line->name);
    code = guarded(*line, body);
  }
  return static_cast<int>(code);
}

}  // namespace circuit::daemon
