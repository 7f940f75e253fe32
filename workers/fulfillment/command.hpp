// Runs one program to its end, shut off from the daemon: own session and process group, only the descriptors 0 to 2,
// only the given environment, no core dumps, files up to a limit, private files (umask 077), and, on demand, confined
// to what it may reach. When run_command returns, neither the program nor any descendant of it lives, whatever they did
// to get away (keeper.hpp). What they use is looked at while they run; above a limit they are killed.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "workers/fulfillment/confinement.hpp"
#include "workers/fulfillment/footprint.hpp"

namespace circuit::fulfillment {

struct Command {
  std::vector<std::string> arguments;    // the first is the program's absolute path
  std::vector<std::string> environment;  // "NAME=value"
  std::filesystem::path directory;       // to run in
  std::string_view input;                // on stdin
  std::uint64_t file_bytes_max = 0;      // a write beyond it gets SIGXFSZ
  std::chrono::milliseconds timeout{60'000};
  std::chrono::milliseconds grace{2'000};      // between SIGTERM and SIGKILL
  int stop_fd = -1;                            // readable: the program is ended like after its time-out
  const Confinement* confinement = nullptr;    // nullptr: it reaches what the daemon reaches
  bool own_pids = true;                        // a PID namespace, where it can be had
  std::vector<std::filesystem::path> watched;  // directories that count for the limits
  FootprintLimits limits;                      // bytes_max 0: not looked at
};

struct Ended {
  enum class How : std::uint8_t { exited, signalled, timed_out, stopped, over_limit, not_started };
  How how = How::not_started;
  int code = 0;                   // exited: the exit code; signalled: the signal; not_started: errno
  Excess excess = Excess::bytes;  // over_limit: which
};

// Blocks until the program has ended, without busy waiting. `on_output` gets what it writes to stdout and stderr; all
// of it, so that it never waits for a full pipe. Any thread may call this; the thread must not end before it returns.
// Throws std::system_error when the daemon lacks descriptors or processes.
[[nodiscard]] Ended run_command(const Command& command, const std::function<void(std::string_view)>& on_output);

// Makes this process the parent of programs whose keeper was killed, so that they don't get away. Call it before the
// first run_command.
void adopt_orphans();

// Kills and reaps adopted processes. Of the main thread, whose children only they are. Never blocks.
void end_orphans() noexcept;

}  // namespace circuit::fulfillment
