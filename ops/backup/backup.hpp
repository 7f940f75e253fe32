// Takes a backup of a data directory while everything runs.
//
// The order of the copies makes it consistent, each rule from what the daemons do:
//   1. The audit log first. A line stands in it only after its event was committed, so the journal that is copied
//      later has every event of it. The auditor goes on from a log that is behind, and refuses one that is ahead.
//   2. Then the journal, one read transaction of the broker: one moment.
//   3. Then inputs and deliverables. Each is durable before the commit that names it, and is not changed after: what
//      the journal of that moment names is there. Files of later orders come along, and no order names them.
//   4. Then the sandbox's ledger. A worker hears of a capture only when it is in the ledger, so what the journal says
//      was captured is there. Captures that the journal does not know yet are found by the look-up that every job has
//      after a start.
// Keys do not change.
//
// Invariants: the manifest gets its name when everything else is on the disk, so without it there is no backup; a
// backup that fails takes its files with it, because a disk that is full of half a backup helps nobody.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "ops/backup/manifest.hpp"
#include "ops/cli/circuit.hpp"

namespace circuit::ops {

// Gets the work under way, the bytes that are done and those there are in all, more or less.
using BackupProgress = std::function<void(const char* what, std::uint64_t done, std::uint64_t all)>;

struct TakenBackup {
  BackupSummary summary;
  bool has_audit = false;  // there is an audit log below the data directory
};

// `directory` must be new or empty. Throws cli::Failure, std::system_error.
[[nodiscard]] TakenBackup take_backup(cli::Circuit& circuit, const std::filesystem::path& directory, bool with_keys,
                                      const BackupProgress& progress);

}  // namespace circuit::ops
