#include "broker/daemon/directory_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <cerrno>

namespace circuit::daemon {

DirectoryLock::DirectoryLock(const std::filesystem::path& directory)
    : file_(open_file(directory / "lock", O_RDWR | O_CREAT, 0600)) {
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) == 0) return;
  if (errno != EWOULDBLOCK) throw_errno(directory / "lock", "cannot lock");
  throw LockHeld(directory.string() + ": another daemon uses this directory; stop it first, or give this one another");
}

}  // namespace circuit::daemon
