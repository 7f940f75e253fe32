// At the start: does the audit log below the data directory belong to this journal? A journal that was restored from a
// backup is older than a log that was kept. It would give seqs to new events that the log already has for others.
#pragma once

#include <filesystem>

#include "broker/journal/journal.hpp"

namespace circuit::broker {

// Throws config::ConfigError, after leaving audit_ahead.json for `circuit restore --accept-loss`, when the log ends
// behind the journal, or its last line is not what the journal's event of that seq gives. A log that can't be read here
// (another user's, another host's) is not looked at: its auditor refuses for itself.
void refuse_other_audit_log(const std::filesystem::path& data, journal::Journal& journal);

}  // namespace circuit::broker
