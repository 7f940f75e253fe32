// The audit log's files as they lie on the disk (DESIGN §3.4): where the log ends, and up to where it says what a
// journal says, without reading it whole. Whether it is sound is the question of `circuit verify`.
//
// Invariants: what is read is bounded: the newest segments' ends, and a few lines of one segment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "schema/event.hpp"

namespace circuit::daemon {

struct AuditLine {
  std::uint64_t seq = 0;
  std::string line;  // without its newline
};

// The numbers of the segments, in their order. Throws std::filesystem::filesystem_error when the directory can't be
// read.
[[nodiscard]] std::vector<std::uint64_t> audit_segments(const std::filesystem::path& directory);

// The newest whole line, behind which there may be torn ones. Nothing when the log has none.
[[nodiscard]] std::optional<AuditLine> last_audit_line(const std::filesystem::path& directory);

// Whether the event has this line, given that the line's `prev` is right.
[[nodiscard]] bool is_line_of(const AuditLine& line, const schema::Event& event);

// The seq of the last line up to which `agrees` says yes, or 0. Two logs that part never meet again, so it is asked
// about some thirty lines only, and one for each segment.
[[nodiscard]] std::uint64_t agreed_audit_seq(const std::filesystem::path& directory,
                                             const std::function<bool(const AuditLine&)>& agrees);

}  // namespace circuit::daemon
