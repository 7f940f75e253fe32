#include "ops/cli/daemons.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <system_error>
#include <utility>

#include "broker/config/load.hpp"
#include "broker/daemon/directories.hpp"
#include "broker/daemon/exit_code.hpp"
#include "ops/cli/circuit.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/interrupt.hpp"
#include "ops/cli/ready_socket.hpp"

namespace circuit::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Starting {
  std::string name;
  Process process;
  fs::path log;
  std::uintmax_t log_begins = 0;  // behind what earlier runs wrote
  bool is_ready = false;
};

// Waits until one of them is readable or the deadline is over. Negative descriptors are skipped.
void wait_for_any(std::vector<pollfd>& items, Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  if (::poll(items.data(), items.size(), static_cast<int>(std::max<std::int64_t>(0, left))) >= 0) return;
  if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
  for (pollfd& item : items) item.revents = 0;
  throw_if_interrupted();
}

// What it wrote since it was started, the last lines of it.
std::string last_lines(const Starting& daemon) {
  constexpr std::size_t lines_max = 8;
  std::ifstream file(daemon.log, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(daemon.log_begins));
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(std::move(line));
  std::string text;
  for (std::size_t i = lines.size() > lines_max ? lines.size() - lines_max : 0; i < lines.size(); ++i)
    text += "\n    " + lines[i];
  return text.empty() ? "\n    (its log is empty)" : text;
}

Failure ended(const Starting& daemon) {
  const int code = reap(daemon.process).value_or(-1);
  const std::string how =
      code > 128 ? "was ended by signal " + std::to_string(code - 128) : "ended with exit code " + std::to_string(code);
  return {code == static_cast<int>(daemon::ExitCode::config) ? ExitCode::config : ExitCode::unreachable,
          daemon.name + " " + how + " instead of getting ready; its log says:" + last_lines(daemon),
          "put the cause right and run this again; the whole log is " + daemon.log.string()};
}

Failure too_slow(const Starting& daemon, std::chrono::milliseconds limit) {
  return {ExitCode::unreachable,
          daemon.name + " was not ready within " + std::to_string(limit.count() / 1000) +
              " s; its log says:" + last_lines(daemon),
          "it goes on trying; see: circuit status, and the whole log in " + daemon.log.string()};
}

void note_ready(ReadySocket& socket, std::vector<Starting>& starting) {
  while (const auto pid = socket.receive())
    for (Starting& daemon : starting)
      if (daemon.process.pid == *pid) daemon.is_ready = true;
}

void wait_until_ready(ReadySocket& socket, std::vector<Starting>& starting, std::chrono::milliseconds limit) {
  const Clock::time_point deadline = Clock::now() + limit;
  for (;;) {
    const auto late = std::ranges::find(starting, false, &Starting::is_ready);
    if (late == starting.end()) return;
    if (Clock::now() >= deadline) throw too_slow(*late, limit);
    std::vector<pollfd> items = {{socket.fd(), POLLIN, 0}};
    for (const Starting& daemon : starting) items.push_back({daemon.process.pidfd.get(), POLLIN, 0});
    wait_for_any(items, deadline);
    note_ready(socket, starting);
    for (std::size_t i = 0; i < starting.size(); ++i)
      if (items[i + 1].revents != 0) throw ended(starting[i]);
  }
}

// Whether it has ended by then.
bool wait_until_ended(const Process& process, Clock::time_point deadline) {
  for (;;) {
    std::vector<pollfd> items = {{process.pidfd.get(), POLLIN, 0}};
    wait_for_any(items, deadline);
    if (items[0].revents != 0) {
      (void)reap(process);
      return true;
    }
    if (Clock::now() >= deadline) return false;
  }
}

pid_t read_pid(const fs::path& path) {
  pid_t pid = 0;
  std::ifstream(path) >> pid;
  return pid;
}

}  // namespace

Daemons::Daemons(const fs::path& data, fs::path programs) : data_(data_path(data)), programs_(std::move(programs)) {}

fs::path Daemons::log_path(const std::string& name) const { return data_ / "log" / (name + ".log"); }
fs::path Daemons::pid_path(const std::string& name) const { return data_ / "run" / (name + ".pid"); }

std::optional<Process> Daemons::running(const std::string& name) const {
  return find_process(read_pid(pid_path(name)), name, data_);
}

std::vector<DaemonState> Daemons::states() const {
  std::vector<DaemonState> states;
  for (const std::string& name : daemon_names) {
    if (name == optional_daemon && !fs::exists(pid_path(name))) continue;
    const auto process = running(name);
    states.push_back({name, process ? process->pid : 0, process ? started_at_us(process->pid) : 0});
  }
  return states;
}

daemon::FileDescriptor Daemons::lock() const {
  const fs::path path = data_ / "run" / "up.lock";
  daemon::FileDescriptor file = daemon::open_file(path, O_RDWR | O_CREAT);
  while (::flock(file.get(), LOCK_EX) != 0) {
    if (errno != EINTR) daemon::throw_errno(path, "cannot lock");
    throw_if_interrupted();
  }
  return file;
}

std::vector<std::string> Daemons::start(const std::optional<fs::path>& config, std::chrono::milliseconds limit) {
  const config::Settings settings = config::load_settings(config);
  daemon::make_directories(data_, settings.access.group);
  if (::mkdir((data_ / "log").c_str(), 0700) != 0 && errno != EEXIST)
    daemon::throw_errno(data_ / "log", "cannot make this directory");
  const daemon::FileDescriptor lock = this->lock();
  ReadySocket socket;
  std::vector<Starting> starting;
  std::vector<std::string> started;
  for (const std::string& name : daemon_names) {
    if (running(name) || (name == optional_daemon && !settings.relay.has_endpoints())) continue;
    Starting daemon{name, {}, log_path(name), 0, false};
    std::error_code none;
    if (const auto size = fs::file_size(daemon.log, none); !none) daemon.log_begins = size;
    std::vector<std::string> arguments = {"--data", data_.string()};
    if (config) arguments.insert(arguments.end(), {"--config", config->string()});
    daemon.process = spawn({programs_ / name, std::move(arguments), {socket.environment()}, daemon.log});
    daemon::write_file_durably(pid_path(name), std::to_string(daemon.process.pid) + '\n');
    starting.push_back(std::move(daemon));
    started.push_back(name);
  }
  wait_until_ready(socket, starting, limit);
  return started;
}

std::vector<StoppedDaemon> Daemons::stop(const std::vector<std::string>& names, std::chrono::milliseconds limit) {
  std::vector<StoppedDaemon> stopped;
  if (!fs::exists(data_ / "run")) return stopped;
  const daemon::FileDescriptor lock = this->lock();
  const auto stop_all = [&](bool last) {
    std::vector<std::pair<std::string, Process>> leaving;
    for (const std::string& name : names) {
      const bool goes_last = name == "circuit-broker" || name == "circuit-sandbox";
      if (goes_last != last) continue;
      if (auto process = running(name)) leaving.emplace_back(name, std::move(*process));
    }
    for (const auto& [name, process] : leaving) send_signal(process, SIGTERM);
    const Clock::time_point deadline = Clock::now() + limit;
    for (const auto& [name, process] : leaving) {
      const bool left = wait_until_ended(process, deadline);
      if (!left) {
        send_signal(process, SIGKILL);
        (void)wait_until_ended(process, Clock::now() + limit);
      }
      std::error_code ignored;
      fs::remove(pid_path(name), ignored);
      stopped.push_back({name, !left});
    }
  };
  stop_all(false);
  stop_all(true);
  return stopped;
}

std::vector<std::string> Daemons::reload() {
  std::vector<std::string> told;
  if (!fs::exists(data_ / "run")) return told;
  const daemon::FileDescriptor lock = this->lock();
  std::vector<std::pair<std::string, Process>> all;
  for (const std::string& name : daemon_names)
    if (auto process = running(name)) all.emplace_back(name, std::move(*process));
  for (const auto& [name, process] : all) (void)config::load_settings(config_of(process.pid));
  // The broker last: what it sells then, the workers can make already.
  std::ranges::stable_partition(all, [](const auto& each) { return each.first != "circuit-broker"; });
  for (const auto& [name, process] : all) {
    send_signal(process, SIGHUP);
    told.push_back(name);
  }
  return told;
}

}  // namespace circuit::cli
