// Accepts that a journal was restored to an older state than its audit log: the log is put aside, nothing of it is
// deleted, and what only it knows is listed order by order, for a person to put right. The auditor then begins a new
// log with seq 1.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "ops/cli/circuit.hpp"

namespace circuit::ops {

struct AcceptedLoss {
  std::filesystem::path log;   // where the old log is now
  std::filesystem::path list;  // JSONL: one order that only the old log knows, or knows more of, a line
  std::uint64_t agreed_seq = 0;
  std::uint64_t events = 0;           // behind it, in the old log
  std::uint64_t orders = 0;           // that these speak of
  std::uint64_t unknown_orders = 0;   // of them, orders that the journal does not know
  std::uint64_t captured_orders = 0;  // of them, orders whose money the provider holds and the journal does not know of
  std::map<std::string, std::int64_t> captured;  // that money by currency, minor units
};

// How far log and journal agree says the note that the broker left when it refused to start; a broker that runs,
// because it may not read the log, is asked. The auditor must not run. `now_us` names the log's new place. Throws
// cli::Failure, std::system_error; then the log is where it was.
[[nodiscard]] AcceptedLoss accept_loss(cli::Circuit& circuit, std::int64_t now_us);

}  // namespace circuit::ops
