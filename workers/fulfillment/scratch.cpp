#include "workers/fulfillment/scratch.hpp"

#include <spdlog/spdlog.h>
#include <stdlib.h>

#include <string>
#include <system_error>

#include "broker/daemon/files.hpp"

namespace circuit::fulfillment {
namespace {

namespace fs = std::filesystem;

void remove_leftovers(const fs::path& work) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(work, error)) {
    try {
      const daemon::DirectoryLock lock(entry.path());
      fs::remove_all(entry.path());
      spdlog::info("removed {}, which a worker left behind", entry.path().string());
    } catch (const daemon::LockHeld&) {
      continue;  // its worker lives
    } catch (const std::system_error& fault) {
      spdlog::warn("cannot remove what a worker left behind: {}", fault.what());
    }
  }
}

}  // namespace

Scratch::Scratch(const fs::path& data) {
  const fs::path work = fs::absolute(data) / "work";
  fs::create_directories(work);
  fs::permissions(work, fs::perms::owner_all);
  remove_leftovers(work);
  make_and_lock(work);
}

// Between the making and the locking, a worker that starts at the same moment may take the directory for a leftover.
void Scratch::make_and_lock(const fs::path& work) {
  constexpr int tries_max = 10;
  for (int tries = 1;; ++tries) {
    std::string name = (work / "XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) daemon::throw_errno(work, "cannot make a directory in it");
    try {
      lock_.emplace(name);
      path_ = name;
      return;
    } catch (const std::exception&) {
      if (tries == tries_max) throw;
    }
  }
}

Scratch::~Scratch() {
  std::error_code ignored;  // the next worker tries again
  fs::remove_all(path_, ignored);
}

}  // namespace circuit::fulfillment
