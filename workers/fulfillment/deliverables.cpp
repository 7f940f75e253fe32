#include "workers/fulfillment/deliverables.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string_view>

#include "broker/daemon/files.hpp"
#include "broker/daemon/planted_bug.hpp"
#include "schema/crypto.hpp"
#include "schema/file_name.hpp"

namespace circuit::fulfillment {
namespace {

namespace fs = std::filesystem;

struct stat status_of(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) daemon::throw_errno(path, "cannot be examined");
  return status;
}

void sync(const daemon::FileDescriptor& file, const fs::path& path) {
  if (::fsync(file.get()) != 0) daemon::throw_errno(path, "cannot sync");
}

SealedFile seal_file(const fs::path& path) {
  // Before it is opened, because a program may have taken our right to read it.
  if (::chmod(path.c_str(), 0640) != 0) daemon::throw_errno(path, "cannot set its mode");
  const daemon::FileDescriptor file = daemon::open_file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  SealedFile sealed{path.filename().string(), 0, {}};
  schema::Sha256 hash;
  std::string buffer(256 * 1024, '\0');
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0) daemon::throw_errno(path, "cannot read");
    if (got == 0) break;
    sealed.size += static_cast<std::uint64_t>(got);
    hash.update(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
  }
  sealed.sha256 = schema::hex_encode(schema::bytes_of(hash.finish()));
  if (!daemon::is_planted(daemon::PlantedBug::deliverable_not_synced)) sync(file, path);
  return sealed;
}

void make_directory(const fs::path& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) daemon::throw_errno(path, "cannot make the directory");
}

// The order's directory may be removed, being empty, by a worker that gives up another lease of the same order.
void move_to(const fs::path& directory, const fs::path& place) {
  constexpr int tries_max = 5;
  for (int tries = 1;; ++tries) {
    make_directory(place.parent_path());
    if (::rename(directory.c_str(), place.c_str()) == 0) return;
    if (errno != ENOENT || tries == tries_max) daemon::throw_errno(place, "cannot move the files there");
  }
}

}  // namespace

std::optional<PermanentFailure> output_fault(const fs::path& directory, std::uint64_t bytes_max) {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory)) {
    const struct stat status = status_of(entry.path());
    if (!S_ISREG(status.st_mode))
      return PermanentFailure{"output_not_a_file", "The result holds something other than plain files."};
    if (status.st_nlink != 1)
      return PermanentFailure{"output_linked", "The result holds a file that belongs to something else."};
    if (!schema::is_safe_file_name(entry.path().filename().string()))
      return PermanentFailure{"output_name", "The result holds a file with a name that cannot be delivered."};
    bytes += static_cast<std::uint64_t>(status.st_size);
    if (++files > output_files_max) return PermanentFailure{"output_too_many", "The result has too many files."};
  }
  if (files == 0) return PermanentFailure{"output_missing", "The order was worked on, but there was no result."};
  if (bytes > bytes_max) return PermanentFailure{"output_too_large", "The result is larger than can be delivered."};
  return std::nullopt;
}

OutputSize output_size(const fs::path& directory) {
  OutputSize size;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory)) {
    const struct stat status = status_of(entry.path());
    if (!S_ISREG(status.st_mode)) continue;
    const auto bytes = static_cast<std::uint64_t>(status.st_size);
    size.all += bytes;
    size.largest = std::max(size.largest, bytes);
  }
  return size;
}

std::vector<SealedFile> seal(const fs::path& directory, const fs::path& place) {
  std::vector<SealedFile> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory)) files.push_back(seal_file(entry.path()));
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  daemon::sync_directory(directory);
  move_to(directory, place);
  try {
    // From the inside out: each directory's entry is safe once the one above it is.
    daemon::sync_directory(place.parent_path());
    daemon::sync_directory(place.parent_path().parent_path());
  } catch (...) {
    remove_deliverable(place);
    throw;
  }
  return files;
}

void remove_deliverable(const fs::path& place) {
  std::error_code error;
  fs::remove_all(place, error);
  if (error) spdlog::warn("{}: cannot be removed: {}", place.string(), error.message());
  // Fails while it holds another lease's files.
  (void)::rmdir(place.parent_path().c_str());
}

}  // namespace circuit::fulfillment
