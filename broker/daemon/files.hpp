// Files, with every error an exception that names the path (std::system_error). Durable means: after the call returns,
// the content survives a power cut. All descriptors are closed on exec.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "schema/crypto.hpp"

namespace circuit::daemon {

// Owns an open descriptor, or none (-1).
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) noexcept : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      close();
      descriptor_ = std::exchange(other.descriptor_, -1);
    }
    return *this;
  }
  ~FileDescriptor() { close(); }

  [[nodiscard]] int get() const noexcept { return descriptor_; }
  [[nodiscard]] explicit operator bool() const noexcept { return descriptor_ >= 0; }
  [[nodiscard]] int release() noexcept { return std::exchange(descriptor_, -1); }
  // Errors of close(2) are not reported: what must be durable was synced before.
  void close() noexcept;

 private:
  int descriptor_ = -1;
};

// Throws std::system_error with errno's reason: "<path>: <what>: <reason>".
[[noreturn]] void throw_errno(const std::filesystem::path& path, std::string_view what);

// open(2) with O_CLOEXEC added.
[[nodiscard]] FileDescriptor open_file(const std::filesystem::path& path, int flags, mode_t mode = 0600);

// All bytes or an exception; `path` is for its message.
void write_all(const FileDescriptor& file, std::string_view bytes, const std::filesystem::path& path);

// Makes the names that were created, renamed or removed in the directory durable.
void sync_directory(const std::filesystem::path& directory);

// Replaces the file as a whole: a reader, or a crash, sees the old content or the new. Blocks for the disk.
void write_file_durably(const std::filesystem::path& path, std::string_view content, mode_t mode = 0600);

// Makes the file whole, and never replaces one: false, and nothing is changed, when something of that name is there.
[[nodiscard]] bool create_file_durably(const std::filesystem::path& path, std::string_view content, mode_t mode);

// The whole file. One of more than `bytes_max` bytes is an error (EFBIG), read no further than that.
[[nodiscard]] std::string read_file(const std::filesystem::path& path, std::size_t bytes_max);

// The secret key in the file: 32 bytes as they are, mode 0600. Makes it, at random and durably, when there is no such
// file; of several processes that do so at once, all get the same key. Throws config::ConfigError when the file is open
// to group or others, is no plain file, or has another size.
[[nodiscard]] schema::Key32 load_or_create_key(const std::filesystem::path& path);

}  // namespace circuit::daemon
