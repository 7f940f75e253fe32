// One file, copied or only read, with the hash of what was read. Errors are std::system_error.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace circuit::ops {

struct ReadFile {
  std::uint64_t size = 0;
  mode_t mode = 0;
  std::string sha256;  // in hex
};

// Hears of each piece that was read.
using OnBytes = std::function<void(std::size_t bytes)>;

// The file's hash. A file that grows is read as far as it went at the beginning. Nothing when it is gone, or when it is
// no plain file.
[[nodiscard]] std::optional<ReadFile> hash_file(const std::filesystem::path& path, const OnBytes& on_bytes);

// The same, and a new file with these bytes, of mode 0600. It is not synced: sync_file_system() does that for many at
// once.
[[nodiscard]] std::optional<ReadFile> copy_file(const std::filesystem::path& from, const std::filesystem::path& to,
                                                const OnBytes& on_bytes);

// Makes everything on the directory's file system durable, names included. A sync of each of many small files would
// keep the disk from the commits for longer than one of all.
void sync_file_system(const std::filesystem::path& directory);

[[nodiscard]] std::uint64_t free_bytes(const std::filesystem::path& directory);

}  // namespace circuit::ops
