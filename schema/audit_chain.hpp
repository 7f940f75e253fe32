// Checks the audit log's bytes (DESIGN §3.4), pushed in order, in pieces of any size: seq is contiguous from 1, each
// line holds the hash of the line before it, every line has the frame of audit_line.hpp.
//
// Dead bytes: from the first bad line to the segment's end, if the next segment goes on, in seq and prev, from the last
// good line. A crash leaves such bytes; no event is missing then. The rule spans several segments that were torn in
// their first line, one after the other. Behind the last good line of the log nothing goes on yet: a line cut off
// before its newline, or one with NUL bytes (blocks that never reached the disk), is torn, and dead too; any other bad
// line there is a fault.
//
// Invariants: memory is bounded by one line and a few notes; of a log without a fault, all good lines together are seq
// 1 to last_seq(). Only the first fault is looked for: what follows it proves nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/audit_line.hpp"

namespace circuit::schema {

enum class AuditProblem : std::uint8_t {
  malformed,        // a line that the auditor can't have written
  too_long,         // a line above audit_line_bytes_max
  torn,             // a line without its newline, at the end of a segment
  edited,           // a line's hash is not what the line after it says
  missing,          // seq jumps ahead
  repeated,         // a line, or a segment, of an earlier seq
  swapped,          // the expected line comes later in the segment
  missing_segment,  // the segments' numbers are not 1, 2, 3 …
};
[[nodiscard]] std::string_view name_of(AuditProblem problem);

// What is wrong, and where: lines count from 1 in each segment, 0 means the segment as a whole.
struct AuditFinding {
  AuditProblem problem = AuditProblem::malformed;
  std::uint64_t segment = 0;
  std::uint64_t line = 0;
  std::uint64_t bytes = 0;  // dead ones from here on; 0 for a fault
  std::string text;         // a sentence
};

class AuditChain {
 public:
  enum class Start : std::uint8_t {
    genesis,     // segment 1 begins with seq 1
    first_line,  // takes the seq and prev of the first good line as given: for a log that is not read from its
                 // beginning
  };
  // Called for each good line, without its newline; the view dies when it returns.
  using OnLine = std::function<void(std::uint64_t seq, std::string_view line)>;

  static constexpr std::size_t notes_max = 100;

  explicit AuditChain(Start start = Start::genesis, OnLine on_line = {});

  // Segments come in the order of their numbers; the caller guarantees that no number comes twice.
  void begin_segment(std::uint64_t number);
  void feed(std::string_view bytes);
  // The log ends here. Call once, before reading the results.
  void finish();

  [[nodiscard]] const std::optional<AuditFinding>& fault() const { return fault_; }
  // Dead bytes, the first notes_max places.
  [[nodiscard]] const std::vector<AuditFinding>& notes() const { return notes_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t segments() const { return segments_; }
  [[nodiscard]] std::uint64_t dead_bytes() const { return dead_bytes_; }
  // Of the last good line: its seq (0: there is none), its hash, and the hash that it holds of the line before.
  [[nodiscard]] std::uint64_t last_seq() const { return last_seq_; }
  [[nodiscard]] const Hash32& last_hash() const { return last_hash_; }
  [[nodiscard]] const Hash32& last_prev() const { return last_prev_; }
  // Whether the current segment has nothing but good lines, so that more may be appended to it.
  [[nodiscard]] bool segment_is_clean() const { return !skipping_ && partial_.empty(); }

 private:
  // A segment's first bad line. Its bytes are dead if a later line goes on from the last good one.
  struct Pending {
    AuditFinding finding;
    std::uint64_t offset = 0;     // of the bad line in its segment
    std::uint64_t seq = 0;        // that the bad line says it has; 0: none
    std::optional<HashHex> hash;  // of the bad line, until the line after it has shown which of two was edited
    bool looks_torn = false;
    bool has_lines = false;  // well-formed lines stand in what may be dead
    bool fatal = false;      // the segment begins with a whole line that does not go on
  };

  void hold(std::string_view part);
  void take_line(std::string_view line, bool has_newline);
  [[nodiscard]] bool goes_on(const AuditLineFrame& frame) const;
  void accept(std::string_view line, const AuditLineFrame& frame);
  void reject(std::string_view line, const std::optional<AuditLineFrame>& frame, bool has_newline);
  void look_behind(const AuditLineFrame& frame);
  [[nodiscard]] AuditFinding finding_here(AuditProblem problem, std::string text) const;
  [[nodiscard]] AuditFinding why_bad(std::string_view line, const std::optional<AuditLineFrame>& frame,
                                     bool has_newline) const;
  void end_segment();
  void settle_pending();
  void fail(AuditFinding finding);

  const Start start_;
  const OnLine on_line_;
  std::uint64_t segment_ = 0;
  std::uint64_t line_ = 0;  // of the current segment
  std::uint64_t segments_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t dead_bytes_ = 0;
  std::uint64_t last_seq_ = 0;
  std::uint64_t last_segment_ = 0;  // where the last good line stands
  std::uint64_t last_line_ = 0;
  Hash32 last_hash_{};
  Hash32 last_prev_{};
  HashHex last_hex_;
  std::uint64_t segment_bytes_ = 0;  // of the current segment
  std::uint64_t line_offset_ = 0;    // where its current line begins
  std::string partial_;              // the beginning of a line whose end has not come yet
  bool skipping_ = false;            // behind the first bad line of the current segment
  std::vector<Pending> pending_;     // one for each segment since the last good line, in order
  std::optional<AuditFinding> fault_;
  std::vector<AuditFinding> notes_;
};

}  // namespace circuit::schema
