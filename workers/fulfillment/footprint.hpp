// What a program and its descendants use while they run, so that they can be ended before they use up the machine. It
// is a look at /proc and at the program's directories, and bounded itself: it stops where a limit is passed.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace circuit::fulfillment {

struct FootprintLimits {
  std::uint64_t bytes_max = 0;  // of all files in the directories, and of files that are open and have no name any more
  std::uint64_t memory_max = 0;  // bytes, of all processes together; 0: no limit
  std::uint32_t processes_max = 256;
  std::uint32_t files_max = 10'000;  // directories and descriptors count too
};

enum class Excess : std::uint8_t { bytes, files, memory, processes };
[[nodiscard]] std::string_view name_of(Excess excess);

// The processes below `ancestor`, without itself, parents first; at most `most` of them. Never throws for processes
// that end meanwhile.
[[nodiscard]] std::vector<pid_t> descendants(pid_t ancestor, std::size_t most);

// Those that were born to the main thread of this process, or adopted.
[[nodiscard]] std::vector<pid_t> children_of_main_thread();

// Which limit is passed; nothing when none is.
[[nodiscard]] std::optional<Excess> find_excess(pid_t keeper, const std::vector<std::filesystem::path>& directories,
                                                const FootprintLimits& limits);

}  // namespace circuit::fulfillment
