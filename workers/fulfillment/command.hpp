// Runs one program to its end, shut off from the daemon: own session and process group, only the descriptors 0 to 2,
// only the given environment, no core dumps, files up to a limit, private files (umask 077). When run_command returns,
// no process of the group lives; a program that leaves its group on purpose is not followed.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace circuit::fulfillment {

struct Command {
  std::vector<std::string> arguments;    // the first is the program's absolute path
  std::vector<std::string> environment;  // "NAME=value"
  std::filesystem::path directory;       // to run in
  std::string_view input;                // on stdin
  std::uint64_t file_bytes_max = 0;      // a write beyond it gets SIGXFSZ
  std::chrono::milliseconds timeout{60'000};
  std::chrono::milliseconds grace{2'000};  // between SIGTERM and SIGKILL
  int stop_fd = -1;                        // readable: the program is ended like after its time-out
};

struct Ended {
  enum class How : std::uint8_t { exited, signalled, timed_out, stopped, not_started };
  How how = How::not_started;
  int code = 0;  // exited: the exit code; signalled: the signal; not_started: errno
};

// Blocks until the program has ended, without busy waiting. `on_output` gets what it writes to stdout and stderr; all
// of it, so that it never waits for a full pipe. Any thread may call this; the thread must not end before it returns.
// Throws std::system_error when the daemon lacks descriptors or processes.
[[nodiscard]] Ended run_command(const Command& command, const std::function<void(std::string_view)>& on_output);

// Makes this process the parent of programs whose parent has ended, so that a whole group can be waited for. Call it
// before the first run_command.
void adopt_orphans();

// Waits for adopted processes that left their group and ended since. Of the main thread, whose children only they are.
// Never blocks.
void reap_orphans() noexcept;

}  // namespace circuit::fulfillment
