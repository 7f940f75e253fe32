// The event that an audit line tells: the way back from audit_line.hpp, so that states can be rebuilt from the log
// alone. A line without its event's own text is none: what is read here gives the same line again.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "schema/event.hpp"

namespace circuit::schema {

// Reads one line after another. An event's views point into its line, or into this reader until it reads the next.
class AuditEventReader {
 public:
  // `line` without its newline. Nothing when append_audit_line can't have written it. (Bytes that were no UTF-8 in the
  // stream are U+FFFD in the log.)
  [[nodiscard]] std::optional<Event> read(std::string_view line);

 private:
  std::deque<std::string> texts_;  // those that had escapes
};

}  // namespace circuit::schema
