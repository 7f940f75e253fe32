// One daemon per directory: an flock on <directory>/lock, held as long as the object lives and released by the kernel
// when the process dies. Taken before anything is bound or opened: a second ipc bind would silently take the first
// one's traffic.
#pragma once

#include <filesystem>
#include <stdexcept>

#include "broker/daemon/files.hpp"

namespace circuit::daemon {

// Another process holds the lock. what() names the directory.
class LockHeld : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class DirectoryLock {
 public:
  // Throws LockHeld; std::system_error when the lock file cannot be made. The directory must exist. Never waits.
  explicit DirectoryLock(const std::filesystem::path& directory);

 private:
  FileDescriptor file_;
};

}  // namespace circuit::daemon
