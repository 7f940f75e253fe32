#include "ops/backup/copy_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "broker/daemon/files.hpp"
#include "ops/cli/interrupt.hpp"
#include "schema/crypto.hpp"

namespace circuit::ops {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t read_bytes = 1 << 20;

// Nothing when the file is gone.
std::optional<daemon::FileDescriptor> open_existing(const fs::path& path) {
  // Not blocking: a pipe that somebody put there would be waited for.
  daemon::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file) return file;
  if (errno == ENOENT || errno == ELOOP) return std::nullopt;
  daemon::throw_errno(path, "cannot open");
}

std::optional<ReadFile> read_all(const fs::path& from, const OnBytes& on_bytes,
                                 const std::function<void(std::string_view)>& on_piece) {
  const auto file = open_existing(from);
  if (!file) return std::nullopt;
  struct stat status {};
  if (::fstat(file->get(), &status) != 0) daemon::throw_errno(from, "cannot be examined");
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  ReadFile read{0, status.st_mode & 07777, {}};
  const auto wanted = static_cast<std::uint64_t>(status.st_size);
  std::string buffer(static_cast<std::size_t>(std::clamp<std::uint64_t>(wanted, 1, read_bytes)), '\0');
  schema::Sha256 hash;
  while (read.size < wanted) {
    cli::throw_if_interrupted();
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), wanted - read.size));
    const ssize_t got = ::read(file->get(), buffer.data(), size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) daemon::throw_errno(from, "cannot read");
    if (got == 0) break;
    const std::string_view piece(buffer.data(), static_cast<std::size_t>(got));
    hash.update(piece);
    on_piece(piece);
    read.size += piece.size();
    if (on_bytes) on_bytes(piece.size());
  }
  read.sha256 = schema::hex_encode(schema::bytes_of(hash.finish()));
  return read;
}

}  // namespace

std::optional<ReadFile> hash_file(const fs::path& path, const OnBytes& on_bytes) {
  return read_all(path, on_bytes, [](std::string_view) {});
}

std::optional<ReadFile> copy_file(const fs::path& from, const fs::path& to, const OnBytes& on_bytes) {
  daemon::FileDescriptor file;
  const auto write = [&](std::string_view piece) {
    if (!file) file = daemon::open_file(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    daemon::write_all(file, piece, to);
  };
  auto read = read_all(from, on_bytes, write);
  if (read && read->size == 0) write({});
  return read;
}

void sync_file_system(const fs::path& directory) {
  const daemon::FileDescriptor opened = daemon::open_file(directory, O_RDONLY | O_DIRECTORY);
  if (::syncfs(opened.get()) != 0) daemon::throw_errno(directory, "cannot sync its file system");
}

std::uint64_t free_bytes(const fs::path& directory) {
  struct statvfs status {};
  if (::statvfs(directory.c_str(), &status) != 0) daemon::throw_errno(directory, "cannot read its free space");
  return std::uint64_t{status.f_bavail} * status.f_frsize;
}

}  // namespace circuit::ops
