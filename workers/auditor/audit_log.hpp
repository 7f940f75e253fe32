// The audit log on disk (DESIGN §3.4): segments of chained lines that are only ever appended to.
//
// Invariants: no byte that was written is changed, cut or moved, so the files work under `chattr +a`; a batch counts
// only after its fdatasync; a segment that holds anything but good lines is never written to again, the log goes on in
// the next one. One process at a time: the directory is locked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "broker/daemon/directory_lock.hpp"
#include "broker/daemon/files.hpp"
#include "schema/crypto.hpp"
#include "schema/event.hpp"

namespace circuit::auditor {

struct AuditLogOptions {
  // A segment is closed before a batch would make it longer. A batch that is larger gets a segment of its own.
  std::uint64_t segment_bytes_max = 256ull << 20;
};

class AuditLog {
 public:
  // Makes the directory (0700) if it is not there, locks it, and reads where the log ends.
  // Throws daemon::LockHeld when another process has it, std::system_error when the disk refuses.
  explicit AuditLog(const std::filesystem::path& directory, AuditLogOptions options = {});

  // The event to ask the stream for: the last line's own, as long as the stream has not confirmed it, then the next.
  [[nodiscard]] std::uint64_t wanted_seq() const { return confirmed_ ? batch_seq_ + 1 : last_seq_; }
  // Of the last durable line; 0 when there is none.
  [[nodiscard]] std::uint64_t last_seq() const { return last_seq_; }
  // Whether the last line that was found at the start is known to be the stream's event. True for an empty log.
  [[nodiscard]] bool confirmed() const { return confirmed_; }

  // Adds the event of wanted_seq() to the batch; its views may die afterwards. Confirms the last line instead, as long
  // as that is wanted: throws config::ConfigError, which a restart does not mend, when the log has other bytes for that
  // event. The log must not go on then.
  void add(const schema::Event& event);

  // Throws config::ConfigError when the stream has ended without the event of the last line.
  void refuse_if_ahead(bool stream_has_ended) const;

  // Writes the batch with one write and makes it durable. Blocks for the disk. Throws std::system_error when the disk
  // refuses: the batch does not count then. The next call reads what did arrive and writes the rest into a new segment.
  void commit();

 private:
  void find_end();
  void open_segment_for(std::size_t batch_bytes);
  void write_batch();
  void recover();
  void confirm(const schema::Event& event);
  [[nodiscard]] std::filesystem::path segment_path(std::uint64_t number) const;

  const std::filesystem::path directory_;
  const AuditLogOptions options_;
  const daemon::DirectoryLock lock_;

  std::uint64_t segment_ = 0;        // the newest; 0: none
  std::uint64_t segment_bytes_ = 0;  // of the newest
  bool segment_is_clean_ = false;    // it holds only good lines, so more may be appended
  daemon::FileDescriptor file_;      // the newest, once it is open for appending
  bool in_doubt_ = false;            // a write or a sync failed, so what the disk has is not known

  std::uint64_t last_seq_ = 0;
  schema::Hash32 last_hash_{};
  schema::Hash32 last_prev_{};
  bool confirmed_ = true;

  std::string batch_;  // lines of seq last_seq_ + 1 to batch_seq_
  std::uint64_t batch_seq_ = 0;
  schema::Hash32 batch_hash_{};
};

}  // namespace circuit::auditor
