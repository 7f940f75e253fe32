// One daemon's process. A pid is trusted only while a pidfd is held and /proc says that it is this program on this data
// directory: pids are used again.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "broker/daemon/files.hpp"

namespace circuit::cli {

struct Process {
  pid_t pid = 0;
  daemon::FileDescriptor pidfd;  // readable once the process has ended
};

// The process with this pid, if it runs the program `name` with `--data` being this directory.
[[nodiscard]] std::optional<Process> find_process(pid_t pid, const std::string& name,
                                                  const std::filesystem::path& data);

// The file of its --config, readable from here; nothing when it has none or is gone.
[[nodiscard]] std::optional<std::filesystem::path> config_of(pid_t pid);

// When it started, in µs since the epoch; 0 when it is gone.
[[nodiscard]] std::int64_t started_at_us(pid_t pid);

struct SpawnOptions {
  std::filesystem::path program;
  std::vector<std::string> arguments;    // without the program's name
  std::vector<std::string> environment;  // NAME=value, beside our own variables
  std::filesystem::path log;             // stdout and stderr are appended to it
};

// Starts it in a session of its own, with stdin from /dev/null, signals as the system has them at first, and no
// descriptor of ours. Throws std::system_error.
[[nodiscard]] Process spawn(const SpawnOptions& options);

// The exit code of a child that has ended, or 128 + the signal that ended it; nothing when it was not our child.
[[nodiscard]] std::optional<int> reap(const Process& process);

void send_signal(const Process& process, int signal);

// The directory of this program, where the daemons are too.
[[nodiscard]] std::filesystem::path programs_directory();

}  // namespace circuit::cli
