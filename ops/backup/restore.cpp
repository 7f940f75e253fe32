#include "ops/backup/restore.hpp"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "ops/backup/copy_file.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/text.hpp"

namespace circuit::ops {
namespace {

namespace fs = std::filesystem;
using cli::ExitCode;
using cli::Failure;

// The journal comes last: without it the broker would begin a new one, and that it refuses beside an audit log.
constexpr std::array<const char*, 6> parts = {"audit", "inputs", "deliverables", "sandbox", "keys", "journal"};
constexpr std::array<const char*, 2> key_names = {"token.key", "license.key"};

void check_entry(const fs::path& backup, const BackupEntry& entry, const std::optional<ReadFile>& read) {
  const fs::path path = backup / entry.path;
  const auto refuse = [&](const std::string& what) {
    throw Failure(ExitCode::no, path.string() + ": " + what, "use another backup");
  };
  if (!read) refuse("this file of the backup is missing");
  if (read->size != entry.size)
    refuse("is damaged: it has " + std::to_string(read->size) + " bytes and not " + std::to_string(entry.size));
  if (read->sha256 != entry.sha256) refuse("is damaged: its SHA-256 is not the manifest's");
}

// A place for what is being restored, in the data directory so that it only needs renaming.
class Staging {
 public:
  explicit Staging(const fs::path& data) : data_(data), path_(data / ".restoring") {
    if (data.has_parent_path()) fs::create_directories(data.parent_path());
    if (::mkdir(data.c_str(), 0700) == 0)
      made_ = true;
    else if (errno != EEXIST)
      daemon::throw_errno(data, "cannot make the directory");
    else if (!fs::is_directory(data) || !fs::is_empty(data))
      throw Failure(ExitCode::no, data.string() + ": is not empty, and nothing that is there is replaced",
                    "give a data directory that is new or empty, or move this one aside");
    fs::create_directory(path_);
    fs::permissions(path_, fs::perms::owner_all);
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    if (done_) return;
    for (const std::string& part : placed_) fs::remove_all(data_ / part, ignored);
    if (made_) fs::remove(data_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

  // Everything is on the disk: gives it its names.
  void place() {
    for (const std::string part : parts) {
      if (!fs::exists(path_ / part)) continue;
      if (part == "journal") daemon::sync_directory(data_);
      placed_.push_back(part);
      fs::rename(path_ / part, data_ / part);
    }
    daemon::sync_directory(data_);
    daemon::sync_directory(fs::absolute(data_).parent_path());
    done_ = true;
  }

 private:
  const fs::path data_;
  const fs::path path_;
  std::vector<std::string> placed_;
  bool made_ = false;
  bool done_ = false;
};

bool is_part(const fs::path& path) {
  for (const char* part : parts)
    if (*path.begin() == part) return true;
  return false;
}

// The modes of directories come when they are filled: one without the right to write could not be.
struct DirectoryMode {
  fs::path path;
  mode_t mode;
};

void copy_entries(const fs::path& backup, const fs::path& to, const BackupSummary& summary,
                  const RestoreProgress& progress) {
  std::vector<DirectoryMode> modes;
  std::uint64_t done = 0;
  read_entries(backup, [&](const BackupEntry& entry) {
    const fs::path path = to / entry.path;
    if (!is_part(entry.path))
      throw Failure(ExitCode::no, entry.path + ": is no part of a data directory", "use another backup");
    if (entry.directory) {
      fs::create_directory(path);
      modes.push_back({path, entry.mode});
      return;
    }
    const auto on_bytes = [&](std::size_t bytes) { progress(done += bytes, summary.bytes); };
    check_entry(backup, entry, copy_file(backup / entry.path, path, on_bytes));
    if (::chmod(path.c_str(), entry.mode) != 0) daemon::throw_errno(path, "cannot set its mode");
  });
  for (auto at = modes.rbegin(); at != modes.rend(); ++at)
    if (::chmod(at->path.c_str(), at->mode) != 0) daemon::throw_errno(at->path, "cannot set its mode");
}

void copy_keys(const fs::path& given, const fs::path& to) {
  const fs::path from = fs::is_directory(given / "keys") ? given / "keys" : given;
  fs::create_directory(to / "keys");
  fs::permissions(to / "keys", fs::perms::owner_all);
  for (const char* name : key_names) {
    fs::remove(to / "keys" / name);
    if (!copy_file(from / name, to / "keys" / name, {}))
      throw Failure(ExitCode::no, (from / name).string() + ": this key is not there", "give another --keys-from");
  }
}

bool has_keys(const fs::path& data) {
  for (const char* name : key_names)
    if (!fs::exists(data / "keys" / name)) return false;
  return true;
}

void check_space(const fs::path& data, std::uint64_t needed) {
  if (const std::uint64_t free = free_bytes(data); free < needed)
    throw Failure(
        ExitCode::no,
        data.string() + ": has " + cli::bytes_text(free) + " free, and the backup needs " + cli::bytes_text(needed),
        "make room, or give another --data");
}

}  // namespace

BackupSummary check_backup(const fs::path& backup, const RestoreProgress& progress) {
  const BackupSummary summary = read_summary(backup);
  std::uint64_t done = 0;
  read_entries(backup, [&](const BackupEntry& entry) {
    if (entry.directory) return;
    check_entry(backup, entry,
                hash_file(backup / entry.path, [&](std::size_t bytes) { progress(done += bytes, summary.bytes); }));
  });
  return summary;
}

Restored restore_backup(const fs::path& backup, const fs::path& data, const std::optional<fs::path>& keys_from,
                        const RestoreProgress& progress) {
  Restored restored;
  restored.summary = read_summary(backup);
  Staging staging(data);
  check_space(data, restored.summary.bytes);
  copy_entries(backup, staging.path(), restored.summary, progress);
  if (keys_from) copy_keys(*keys_from, staging.path());
  if (!fs::exists(staging.path() / "journal" / "data.mdb"))
    throw Failure(ExitCode::no, backup.string() + ": holds no journal", "use another backup");
  restored.has_keys = has_keys(staging.path());
  restored.has_audit = fs::exists(staging.path() / "audit");
  sync_file_system(data);
  staging.place();
  return restored;
}

}  // namespace circuit::ops
