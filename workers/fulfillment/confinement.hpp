// What a program of the operator may reach: the system's programs and libraries, the directory of its own command, what
// the config adds, its input to read and its own directories to write. Nothing else: no key, no journal, no audit log,
// no other order's files, no socket (Landlock, see landlock(7), and system_calls.hpp), no privileges and no way to get
// them. Where the kernel's Landlock is older, less is held by it; landlock_version() says which it is.
#pragma once

#include <linux/filter.h>

#include <filesystem>
#include <vector>

#include "broker/daemon/files.hpp"

namespace circuit::fulfillment {

// 0 without Landlock. 1 holds files; 2 also lets files move between a program's own directories; 3 truncate(2), which
// is refused otherwise too; 4 adds tcp; 6 signals to processes outside.
[[nodiscard]] int landlock_version() noexcept;

// The rules for one run, made before the fork. Without Landlock only system calls and privileges are held.
class Confinement {
 public:
  struct Reach {
    std::vector<std::filesystem::path> readable;   // beside the system's
    std::vector<std::filesystem::path> given;      // existing directories to read, wherever they lie
    std::vector<std::filesystem::path> writable;   // each an existing directory; no program can be run from there
    std::vector<std::filesystem::path> forbidden;  // never, even when they lie below a readable one
    bool network = false;
  };
  // Throws std::system_error.
  explicit Confinement(const Reach& reach);

  // In the child, between fork and exec; async-signal-safe. Cannot be undone. False with errno.
  [[nodiscard]] bool enter() const noexcept;

  // To be kept open in the child until enter(); -1 without Landlock.
  [[nodiscard]] int descriptor() const noexcept { return rules_.get(); }

 private:
  daemon::FileDescriptor rules_;
  std::vector<sock_filter> filter_;
};

}  // namespace circuit::fulfillment
