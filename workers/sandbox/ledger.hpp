// The sandbox's own book: <directory>/ledger.jsonl, appended to and never rewritten, with an index of how each key
// stands.
//
// Invariants:
//   1. What find() says may be told to a peer only after commit() returned: one write and one fdatasync for all
//   appended
//      lines. A commit that fails throws, and the process must end: the file is read back at the next start.
//   2. A key stands as its first line says, except that a refund follows a capture. A second capture of a key is a line
//   (the
//      money was taken twice), but the key stands as the first one said.
//   3. At the start the file is read whole and every line must be good, in seq from 1 on; otherwise LedgerDamaged names
//   the
//      line. Cut off are bytes behind the last newline, and everything from a line with NUL bytes on in the newest
//      batch: they are what a crash or a power cut left of a batch that no peer heard of. Whole lines of such a batch
//      stay, and then count like any other: a peer that lost an answer has to look up anyway.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "broker/daemon/directory_lock.hpp"
#include "broker/daemon/files.hpp"
#include "workers/sandbox/key_index.hpp"
#include "workers/sandbox/ledger_line.hpp"

namespace circuit::sandbox {

class LedgerDamaged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Ledger {
 public:
  // Makes the directory when it is missing, takes its lock and reads the ledger back. Throws daemon::LockHeld,
  // LedgerDamaged or std::system_error.
  explicit Ledger(const std::filesystem::path& directory);

  // The line that says how the key stands. Reads it from the file; a key without any line costs no read.
  [[nodiscard]] std::optional<LedgerLine> find(const ChargeKey& key) const;

  // Adds a line to the next commit. `currency` has three capital letters.
  LedgerLine append(LedgerOp op, const ChargeKey& key, std::int64_t amount, std::string_view currency,
                    std::int64_t ts_us);

  // Makes all appended lines durable. Blocks for the disk; does nothing without any.
  void commit();

  [[nodiscard]] std::uint64_t lines() const { return next_seq_ - 1; }
  [[nodiscard]] std::size_t keys() const { return index_.size(); }
  [[nodiscard]] std::size_t index_bytes() const { return index_.bytes(); }
  // Torn bytes that the start cut off.
  [[nodiscard]] std::size_t cut_bytes() const { return cut_bytes_; }

 private:
  void read_back();
  // False when the file ends here: this line and what follows is what a power cut left of the newest commit.
  bool take_line(std::string_view text, std::uint64_t file_bytes);
  void index_line(const LedgerLine& line, std::uint64_t offset);
  [[nodiscard]] LedgerLine line_at(std::uint64_t offset) const;

  std::filesystem::path path_;
  std::optional<daemon::DirectoryLock> lock_;
  daemon::FileDescriptor file_;
  std::uint64_t committed_ = 0;  // bytes in the file
  std::string pending_;          // lines behind them
  std::uint64_t next_seq_ = 1;
  std::size_t cut_bytes_ = 0;
  KeyIndex index_;
};

}  // namespace circuit::sandbox
