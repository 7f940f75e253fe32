#include "tests/unit/fulfillment/sync_calls.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <utility>

namespace {

std::mutex mutex;
std::vector<std::string>& calls() {
  static std::vector<std::string> list;
  return list;
}

void record(std::string call) {
  const std::lock_guard lock(mutex);
  calls().push_back(std::move(call));
}

}  // namespace

std::vector<std::string> take_sync_calls() {
  const std::lock_guard lock(mutex);
  return std::exchange(calls(), {});
}

extern "C" int fsync(int descriptor) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t size = ::readlink(link.c_str(), path.data(), path.size());
  record("fsync " + std::string(path.data(), size < 0 ? 0 : static_cast<std::size_t>(size)));
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

extern "C" int rename(const char* from, const char* to) noexcept {
  record("rename " + std::string(from) + ' ' + to);
  return static_cast<int>(::syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to));
}
