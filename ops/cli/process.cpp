#include "ops/cli/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

// glibc 2.36 declares these without C linkage for C++.
extern "C" {
#include <sys/pidfd.h>
}

namespace circuit::cli {
namespace {

namespace fs = std::filesystem;

fs::path proc(pid_t pid) { return fs::path("/proc") / std::to_string(pid); }

std::string whole_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool runs_program(pid_t pid, const std::string& name) {
  std::error_code gone;
  const std::string exe = fs::read_symlink(proc(pid) / "exe", gone).filename().string();
  // A program that was built again since it started.
  return !gone && (exe == name || exe == name + " (deleted)");
}

// The value of its option that names a path, as this process would write it.
std::optional<fs::path> path_option_of(pid_t pid, const std::string& name) {
  const std::string line = whole_file(proc(pid) / "cmdline");
  const std::string option = '\0' + name + '\0';
  const std::size_t at = line.find(option);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t begin = at + option.size();
  return proc(pid) / "cwd" / line.substr(begin, line.find('\0', begin) - begin);
}
std::optional<fs::path> data_of(pid_t pid) { return path_option_of(pid, "--data"); }

class SpawnSettings {
 public:
  explicit SpawnSettings(const fs::path& log) {
    check(posix_spawn_file_actions_init(&actions));
    check(posix_spawnattr_init(&attributes));
    check(posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0));
    check(posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600));
    check(posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO));
    check(posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1));
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    check(posix_spawnattr_setsigmask(&attributes, &none));
    check(posix_spawnattr_setsigdefault(&attributes, &all));
    check(posix_spawnattr_setflags(
        &attributes, static_cast<short>(POSIX_SPAWN_SETSID) | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;

 private:
  static void check(int error) {
    if (error != 0) throw std::system_error(error, std::generic_category(), "cannot prepare a process");
  }
};

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Ours, without what a supervisor told us about ourselves.
std::vector<std::string> inherited_environment() {
  static constexpr std::array<std::string_view, 5> not_inherited = {
      "NOTIFY_SOCKET=", "WATCHDOG_PID=", "WATCHDOG_USEC=", "LISTEN_FDS=", "LISTEN_PID="};
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    bool inherited = true;
    for (const std::string_view name : not_inherited)
      if (std::string_view(*variable).starts_with(name)) inherited = false;
    if (inherited) variables.emplace_back(*variable);
  }
  return variables;
}

}  // namespace

std::optional<Process> find_process(pid_t pid, const std::string& name, const fs::path& data) {
  if (pid <= 0) return std::nullopt;
  // First the pidfd, then the questions: if it still runs after them, they were about this very process.
  Process process{pid, daemon::FileDescriptor(::pidfd_open(pid, 0))};
  if (!process.pidfd || !runs_program(pid, name)) return std::nullopt;
  const auto its_data = data_of(pid);
  std::error_code gone;
  if (!its_data || !fs::equivalent(*its_data, data, gone) || gone) return std::nullopt;
  pollfd ended{process.pidfd.get(), POLLIN, 0};
  if (::poll(&ended, 1, 0) != 0) return std::nullopt;
  return process;
}

std::optional<fs::path> config_of(pid_t pid) {
  const auto path = path_option_of(pid, "--config");
  if (!path) return std::nullopt;
  std::error_code gone;
  const fs::path real = fs::canonical(*path, gone);
  return gone ? path : real;
}

std::int64_t started_at_us(pid_t pid) {
  // proc(5): field 22, in ticks since boot; the fields are counted behind the name, which may hold anything.
  constexpr int fields_before = 19;
  const std::string stat = whole_file(proc(pid) / "stat");
  std::size_t at = stat.rfind(')');
  if (at == std::string::npos) return 0;
  for (int i = 0; i <= fields_before && at != std::string::npos; ++i) at = stat.find(' ', at + 1);
  const std::string boot = whole_file("/proc/stat");
  const std::size_t boot_at = boot.find("btime ");
  if (at == std::string::npos || boot_at == std::string::npos) return 0;
  const long long ticks = std::atoll(stat.c_str() + at);
  const long long boot_s = std::atoll(boot.c_str() + boot_at + 6);
  return boot_s * 1'000'000 + ticks * 1'000'000 / ::sysconf(_SC_CLK_TCK);
}

Process spawn(const SpawnOptions& options) {
  std::vector<std::string> words = {options.program.string()};
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  std::vector<std::string> variables = inherited_environment();
  variables.insert(variables.end(), options.environment.begin(), options.environment.end());
  const SpawnSettings settings(options.log);
  Process process;
  const int error = ::posix_spawn(&process.pid, options.program.c_str(), &settings.actions, &settings.attributes,
                                  pointers_to(words).data(), pointers_to(variables).data());
  if (error != 0)
    throw std::system_error(error, std::generic_category(), options.program.string() + ": cannot be started");
  // It is our child, so its pid is not used again before it was reaped.
  process.pidfd = daemon::FileDescriptor(::pidfd_open(process.pid, 0));
  if (!process.pidfd) throw std::system_error(errno, std::generic_category(), "pidfd_open");
  return process;
}

std::optional<int> reap(const Process& process) {
  siginfo_t info{};
  if (::waitid(P_PIDFD, static_cast<id_t>(process.pidfd.get()), &info, WEXITED | WNOHANG) != 0 || info.si_pid == 0)
    return std::nullopt;
  return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

void send_signal(const Process& process, int signal) {
  if (::pidfd_send_signal(process.pidfd.get(), signal, nullptr, 0) != 0 && errno != ESRCH)
    throw std::system_error(errno, std::generic_category(), "cannot signal process " + std::to_string(process.pid));
}

fs::path programs_directory() { return fs::read_symlink("/proc/self/exe").parent_path(); }

}  // namespace circuit::cli
