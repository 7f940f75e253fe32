// Puts a backup into an empty data directory, or only checks it.
//
// Invariants: every byte is held against the manifest's hash on its way; what is restored gets its place when all of
// it is on the disk, the journal last, so that no daemon starts on a part of it; nothing that is there is replaced.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "ops/backup/manifest.hpp"

namespace circuit::ops {

using RestoreProgress = std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_all)>;

// Reads every file. Throws cli::Failure (no), which names the first one that is not as it was written.
[[nodiscard]] BackupSummary check_backup(const std::filesystem::path& backup, const RestoreProgress& progress);

struct Restored {
  BackupSummary summary;
  bool has_keys = false;
  bool has_audit = false;
};

// `keys_from`: a directory that holds the keys, or whose keys/ does. Throws cli::Failure, std::system_error; then the
// data directory is as it was.
[[nodiscard]] Restored restore_backup(const std::filesystem::path& backup, const std::filesystem::path& data,
                                      const std::optional<std::filesystem::path>& keys_from,
                                      const RestoreProgress& progress);

}  // namespace circuit::ops
