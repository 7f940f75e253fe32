#include "ops/backup/backup.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <future>
#include <string>
#include <system_error>

#include "broker/daemon/audit_files.hpp"
#include "ops/backup/copy_file.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/text.hpp"

namespace circuit::ops {
namespace {

namespace fs = std::filesystem;
using cli::ExitCode;
using cli::Failure;

constexpr std::chrono::hours journal_wait{12};
// Of a disk that the circuit writes to as well: below this it takes no new orders (limits.free_space_floor_bytes).
constexpr std::uint64_t shared_floor_bytes = 256ull << 20;

struct stat status_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) daemon::throw_errno(path, "cannot be examined");
  return status;
}

// Of all plain files below; those that go meanwhile count or do not.
std::uint64_t bytes_below(const fs::path& directory) {
  std::uint64_t bytes = 0;
  std::error_code error;
  if (!fs::exists(directory)) return 0;
  for (fs::recursive_directory_iterator at(directory), end; at != end; at.increment(error)) {
    if (error) throw fs::filesystem_error("cannot look through", directory, error);
    std::error_code gone;
    const std::uintmax_t size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return bytes;
}

// Of a daemon that runs there. A file that was delivered may have this name too.
bool is_lock(const fs::path& name) { return name == "audit/lock" || name == "sandbox/lock"; }

// The backup's own directory; what was made in it goes with a backup that fails.
class NewDirectory {
 public:
  explicit NewDirectory(const fs::path& path) : path_(path) {
    if (::mkdir(path.c_str(), 0700) == 0)
      made_ = true;
    else if (errno != EEXIST)
      daemon::throw_errno(path, "cannot make the directory");
    else if (!fs::is_directory(path) || !fs::is_empty(path))
      throw Failure(ExitCode::no, path.string() + ": is not empty", "give a directory that is new or empty");
  }
  NewDirectory(const NewDirectory&) = delete;
  NewDirectory& operator=(const NewDirectory&) = delete;
  ~NewDirectory() {
    if (kept_) return;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(path_, ignored)) fs::remove_all(entry, ignored);
    if (made_) fs::remove(path_, ignored);
  }
  void keep() {
    kept_ = true;
    if (made_) daemon::sync_directory(path_.parent_path());
  }

 private:
  const fs::path path_;
  bool made_ = false;
  bool kept_ = false;
};

class Backup {
 public:
  Backup(cli::Circuit& circuit, const fs::path& to, const BackupProgress& progress)
      : circuit_(circuit), from_(circuit.data()), to_(to), progress_(progress), manifest_(to) {}

  TakenBackup take(bool with_keys) {
    check_space(with_keys);
    TakenBackup taken;
    taken.has_audit = fs::exists(from_ / "audit");
    copy_part("audit");
    const auto audit_end = taken.has_audit ? daemon::last_audit_line(to_ / "audit") : std::nullopt;
    const std::uint64_t last_seq = copy_journal();
    if (audit_end && audit_end->seq > last_seq)
      throw Failure(ExitCode::no,
                    "the audit log ends with seq " + std::to_string(audit_end->seq) + ", the journal with seq " +
                        std::to_string(last_seq) + ": they do not belong together",
                    "circuit verify");
    for (const char* part : {"inputs", "deliverables", "sandbox"}) copy_part(part);
    if (with_keys) copy_part("keys");
    progress_("writing to the disk", bytes_all_, bytes_all_);
    sync_file_system(to_);
    taken.summary = manifest_.finish(last_seq, audit_end ? audit_end->seq : 0);
    return taken;
  }

 private:
  void check_space(bool with_keys) {
    bytes_all_ = fs::file_size(from_ / "journal" / "data.mdb");
    for (const char* part : {"audit", "inputs", "deliverables", "sandbox"}) bytes_all_ += bytes_below(from_ / part);
    if (with_keys) bytes_all_ += bytes_below(from_ / "keys");
    const std::uint64_t free = free_bytes(to_);
    const bool shared = status_of(to_).st_dev == status_of(from_ / "journal").st_dev;
    const std::uint64_t needed = bytes_all_ + (shared ? shared_floor_bytes : 0);
    if (free >= needed) return;
    throw Failure(ExitCode::no,
                  to_.string() + ": has " + cli::bytes_text(free) + " free, and the backup needs " +
                      cli::bytes_text(needed) + (shared ? ", with what the circuit itself must keep free" : ""),
                  "give a directory on another disk");
  }

  // The directory and all below it. What goes meanwhile is left out: nothing that the journal names goes.
  void copy_part(const std::string& part) {
    if (!fs::exists(from_ / part)) return;
    copy_directory(part);
  }

  void copy_directory(const fs::path& path) {
    fs::create_directory(to_ / path);
    manifest_.add({path.string(), status_of(from_ / path).st_mode & 07777, true, 0, {}});
    std::error_code error;
    fs::directory_iterator at(from_ / path, error);
    if (error == std::errc::no_such_file_or_directory) return;
    if (error) throw fs::filesystem_error("cannot look through", from_ / path, error);
    for (; at != fs::directory_iterator(); at.increment(error)) {
      if (error) throw fs::filesystem_error("cannot look through", from_ / path, error);
      const fs::path name = path / at->path().filename();
      std::error_code gone;
      if (at->is_directory(gone) && !at->is_symlink(gone))
        copy_directory(name);
      else if (!gone && !is_lock(name))
        copy_one(name);
    }
  }

  void copy_one(const fs::path& name) {
    const auto read = copy_file(from_ / name, to_ / name, [this](std::size_t bytes) { show(bytes); });
    if (read) manifest_.add({name.string(), read->mode, false, read->size, read->sha256});
  }

  // Gives the copy's last seq.
  std::uint64_t copy_journal() {
    const fs::path copy = to_ / "journal";
    fs::create_directory(copy);
    let_broker_write(copy);
    const cli::Json reply = ask_broker(copy);
    manifest_.add({"journal", status_of(from_ / "journal").st_mode & 07777, true, 0, {}});
    const auto read = hash_file(copy / "data.mdb", {});
    if (!read) throw Failure(ExitCode::no, copy.string() + ": the broker's copy is not there", "is this its machine?");
    manifest_.add({"journal/data.mdb", read->mode, false, read->size, read->sha256});
    show(read->size);
    return static_cast<std::uint64_t>(cli::integer_of(reply, "last_seq"));
  }

  // Root's new directories are closed to the broker's user.
  void let_broker_write(const fs::path& copy) {
    if (::geteuid() != 0) return;
    const struct stat owner = status_of(from_ / "journal");
    for (const fs::path& path : {to_, copy})
      if (::chown(path.c_str(), owner.st_uid, owner.st_gid) != 0) daemon::throw_errno(path, "cannot give it away");
  }

  cli::Json ask_broker(const fs::path& copy) {
    constexpr std::chrono::milliseconds look{100};
    auto reply = std::async(std::launch::async, [&] {
      return circuit_.ask_control({{"type", "backup"}, {"directory", copy.string()}}, journal_wait);
    });
    while (reply.wait_for(look) != std::future_status::ready) {
      std::error_code not_yet;
      const std::uintmax_t size = fs::file_size(copy / "data.mdb", not_yet);
      progress_("the broker copies its journal", bytes_done_ + (not_yet ? 0 : size), bytes_all_);
    }
    return reply.get();
  }

  void show(std::size_t bytes) {
    bytes_done_ += bytes;
    progress_("copying", bytes_done_, bytes_all_);
  }

  cli::Circuit& circuit_;
  const fs::path from_;
  const fs::path to_;
  const BackupProgress& progress_;
  ManifestWriter manifest_;
  std::uint64_t bytes_done_ = 0;
  std::uint64_t bytes_all_ = 0;
};

bool is_below(const fs::path& path, const fs::path& directory) {
  const fs::path relative = fs::weakly_canonical(path).lexically_relative(fs::weakly_canonical(directory));
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

TakenBackup take_backup(cli::Circuit& circuit, const fs::path& directory, bool with_keys,
                        const BackupProgress& progress) {
  circuit.require_up();
  fs::path to = fs::absolute(directory).lexically_normal();
  if (!to.has_filename()) to = to.parent_path();
  if (is_below(to, circuit.data()))
    throw Failure(ExitCode::no, to.string() + ": is in the data directory", "give a directory on another disk");
  NewDirectory made(to);
  TakenBackup taken = Backup(circuit, to, progress).take(with_keys);
  made.keep();
  return taken;
}

}  // namespace circuit::ops
