// The events of an audit log, read from its files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "schema/event.hpp"

namespace circuit::ops {

struct AuditRead {
  std::uint64_t last_seq = 0;
  std::uint64_t bytes = 0;
};

// Gives each event from `from_seq` on, in order; its views die when the call returns. The chain is checked as far as
// it is read, which is from the newest segment that begins at `from_seq` or before it. Throws cli::Failure (no) with
// the place of the first fault. `progress` gets the bytes read and those there are in all.
AuditRead read_audit_events(const std::filesystem::path& directory, std::uint64_t from_seq,
                            const std::function<void(const schema::Event&)>& on_event,
                            const std::function<void(std::uint64_t, std::uint64_t)>& progress = {});

}  // namespace circuit::ops
