// What a backup holds: <backup>/manifest.jsonl, one JSON object a line.
//
//   {"kind":"backup","format":1,"version":"0.1.0","began_at":"2026-01-02T03:04:05.000006Z"}
//   {"kind":"directory","path":"inputs/ab","mode":"0700"}
//   {"kind":"file","path":"inputs/ab/ab…","mode":"0640","size":123,"sha256":"<64 hex digits>"}
//   {"kind":"end","ended_at":"…","last_seq":900,"audit_last_seq":897,"files":12,"bytes":4711,"sha256":"<64 hex
//   digits>"}
//
// A directory comes before what it holds. The last line's sha256 is that of all bytes before that line, so no byte of
// the manifest can change unseen.
//
// Invariants: a backup without a manifest was never completed: the file gets its name when everything that it names is
// on the disk. Memory is bounded by one line.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "broker/daemon/files.hpp"
#include "schema/crypto.hpp"

namespace circuit::ops {

inline constexpr std::uint64_t backup_format = 1;

struct BackupEntry {
  std::string path;  // below the data directory, and below the backup
  mode_t mode = 0;
  bool directory = false;
  std::uint64_t size = 0;
  std::string sha256;  // in hex
};

struct BackupSummary {
  std::string began_at;  // RFC 3339
  std::string ended_at;
  std::string version;               // of the program that made it
  std::uint64_t last_seq = 0;        // of the journal
  std::uint64_t audit_last_seq = 0;  // of the audit log; 0: it holds no line
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

class ManifestWriter {
 public:
  explicit ManifestWriter(const std::filesystem::path& backup);

  void add(const BackupEntry& entry);
  [[nodiscard]] std::uint64_t files() const { return files_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  // Everything that was added must be on the disk. Blocks for it.
  BackupSummary finish(std::uint64_t last_seq, std::uint64_t audit_last_seq);

 private:
  void write(std::string_view line);

  const std::filesystem::path backup_;
  daemon::FileDescriptor file_;
  schema::Sha256 hash_;
  std::string began_at_;
  std::uint64_t files_ = 0;
  std::uint64_t bytes_ = 0;
};

// Checks the manifest as a whole. Throws cli::Failure (no) when there is none, when it is damaged, or when it is of a
// format that this program does not read.
[[nodiscard]] BackupSummary read_summary(const std::filesystem::path& backup);

// The entries in their order. Precondition: read_summary() was content with it.
void read_entries(const std::filesystem::path& backup, const std::function<void(const BackupEntry&)>& on_entry);

}  // namespace circuit::ops
