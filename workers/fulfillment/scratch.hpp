// A directory below the data directory in which one worker process makes its files, on the same file system as their
// later place. Its lock says that the process lives: what a dead one left behind, customers' inputs included, the next
// worker removes at its start.
#pragma once

#include <filesystem>
#include <optional>

#include "broker/daemon/directory_lock.hpp"

namespace circuit::fulfillment {

class Scratch {
 public:
  // Throws std::system_error.
  explicit Scratch(const std::filesystem::path& data);
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();

  // Absolute.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  void make_and_lock(const std::filesystem::path& work);

  std::filesystem::path path_;
  std::optional<daemon::DirectoryLock> lock_;
};

}  // namespace circuit::fulfillment
