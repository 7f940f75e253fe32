#include "schema/audit_chain.hpp"

#include <algorithm>
#include <utility>

#include "schema/check.hpp"

namespace circuit::schema {
namespace {

std::string_view text_of(const HashHex& hex) { return {hex.data(), hex.size()}; }

std::string seq_text(std::uint64_t first, std::uint64_t last) {
  if (first == last) return "seq " + std::to_string(first) + " is missing";
  return "seq " + std::to_string(first) + " to " + std::to_string(last) + " are missing";
}

}  // namespace

std::string_view name_of(AuditProblem problem) {
  switch (problem) {
    case AuditProblem::malformed: return "malformed";
    case AuditProblem::too_long: return "too_long";
    case AuditProblem::torn: return "torn";
    case AuditProblem::edited: return "edited";
    case AuditProblem::missing: return "missing";
    case AuditProblem::repeated: return "repeated";
    case AuditProblem::swapped: return "swapped";
    case AuditProblem::missing_segment: return "missing_segment";
  }
  return "unknown";
}

AuditChain::AuditChain(Start start, OnLine on_line)
    : start_(start), on_line_(std::move(on_line)), last_hex_(hash_hex(last_hash_)) {}

void AuditChain::begin_segment(std::uint64_t number) {
  end_segment();
  const bool is_first_given = segment_ == 0 && start_ == Start::first_line;
  const std::uint64_t expected = is_first_given ? number : segment_ + 1;
  CIRCUIT_CHECK(number >= expected, "segments come in the order of their numbers");
  segment_ = number;
  line_ = 0;
  segment_bytes_ = line_offset_ = 0;
  if (fault_) return;
  ++segments_;
  if (number != expected)
    fail(finding_here(AuditProblem::missing_segment,
                      number - expected == 1
                          ? "the segment before this one is missing"
                          : "the " + std::to_string(number - expected) + " segments before this one are missing"));
}

void AuditChain::feed(std::string_view bytes) {
  while (!bytes.empty() && !fault_) {
    const std::size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end);
    const bool has_newline = end != std::string_view::npos;
    segment_bytes_ += part.size() + (has_newline ? 1 : 0);
    if (!has_newline) return hold(part);
    if (partial_.empty()) {
      take_line(part, true);
    } else {
      hold(part);
      take_line(partial_, true);
      partial_.clear();
    }
    line_offset_ = segment_bytes_;
    bytes.remove_prefix(end + 1);
  }
}

void AuditChain::finish() {
  end_segment();
  if (fault_) return;
  const auto is_no_tear = [](const Pending& pending) { return !pending.looks_torn || pending.has_lines; };
  const auto wrong = std::ranges::find_if(pending_, is_no_tear);
  if (wrong != pending_.end()) return fail(std::move(wrong->finding));
  settle_pending();
}

// Of a line that is too long, one byte too many is enough to tell.
void AuditChain::hold(std::string_view part) { partial_ += part.substr(0, audit_line_bytes_max + 1 - partial_.size()); }

void AuditChain::take_line(std::string_view line, bool has_newline) {
  ++line_;
  const std::optional<AuditLineFrame> frame = has_newline ? parse_audit_line(line) : std::nullopt;
  if (skipping_) {
    if (frame) look_behind(*frame);
  } else if (frame && goes_on(*frame)) {
    accept(line, *frame);
  } else {
    reject(line, frame, has_newline);
  }
}

bool AuditChain::goes_on(const AuditLineFrame& frame) const {
  if (events_ == 0 && start_ == Start::first_line) return frame.seq != 0;
  return frame.seq == last_seq_ + 1 && frame.prev == text_of(last_hex_);
}

void AuditChain::accept(std::string_view line, const AuditLineFrame& frame) {
  if (!pending_.empty()) settle_pending();
  last_prev_ = last_hash_;
  if (events_ == 0) (void)hex_decode(frame.prev, last_prev_);
  last_hash_ = sha256(line);
  last_hex_ = hash_hex(last_hash_);
  last_seq_ = frame.seq;
  last_segment_ = segment_;
  last_line_ = line_;
  ++events_;
  if (on_line_) on_line_(frame.seq, line);
}

void AuditChain::reject(std::string_view line, const std::optional<AuditLineFrame>& frame, bool has_newline) {
  Pending pending;
  pending.finding = why_bad(line, frame, has_newline);
  pending.offset = line_offset_;
  pending.looks_torn = !has_newline || line.find('\0') != std::string_view::npos;
  if (frame) {
    pending.seq = frame->seq;
    pending.has_lines = true;
    // A crash tears the line that it meets; what comes after whole in a new segment was written by the auditor, which
    // goes on from the last good line.
    pending.fatal = line_ == 1;
    if (pending.finding.problem == AuditProblem::edited) pending.hash = hash_hex(sha256(line));
  }
  pending_.push_back(std::move(pending));
  skipping_ = true;
}

AuditFinding AuditChain::why_bad(std::string_view line, const std::optional<AuditLineFrame>& frame,
                                 bool has_newline) const {
  if (!has_newline)
    return finding_here(AuditProblem::torn, "the segment ends within a line, after " +
                                                std::to_string(segment_bytes_ - line_offset_) + " bytes of it");
  if (line.size() > audit_line_bytes_max)
    return finding_here(AuditProblem::too_long,
                        "a line is longer than " + std::to_string(audit_line_bytes_max) + " bytes");
  if (!frame)
    return finding_here(AuditProblem::malformed, line.find('\0') != std::string_view::npos
                                                     ? "a line has NUL bytes: a part of it never reached the disk"
                                                     : "a line is not in the form of the audit log");
  const std::uint64_t expected = last_seq_ + 1;
  if (frame->seq > expected)
    return finding_here(AuditProblem::missing,
                        seq_text(expected, frame->seq - 1) + ": seq " + std::to_string(frame->seq) + " stands here");
  if (frame->seq < expected)
    return finding_here(
        AuditProblem::repeated,
        "seq " + std::to_string(frame->seq) + " stands here where seq " + std::to_string(expected) +
            " belongs: " + (line_ == 1 ? "the segment repeats earlier lines" : "a line repeats an earlier one"));
  if (last_seq_ == 0) return finding_here(AuditProblem::edited, "the line of seq 1 was edited: its prev is not zero");
  AuditFinding finding = finding_here(
      AuditProblem::edited, "the line of seq " + std::to_string(last_seq_) + " does not have the hash that seq " +
                                std::to_string(frame->seq) + " holds as prev: one of the two was edited");
  finding.segment = last_segment_;
  finding.line = last_line_;
  return finding;
}

AuditFinding AuditChain::finding_here(AuditProblem problem, std::string text) const {
  return {.problem = problem, .segment = segment_, .line = line_, .text = std::move(text)};
}

// A whole line behind a bad one can tell more about what happened to the bad one.
void AuditChain::look_behind(const AuditLineFrame& frame) {
  Pending& pending = pending_.back();
  pending.has_lines = true;
  AuditFinding& finding = pending.finding;
  if (finding.problem == AuditProblem::missing && frame.seq == last_seq_ + 1) {
    finding.problem = AuditProblem::swapped;
    finding.text = "lines are not in their order: seq " + std::to_string(pending.seq) + " stands where seq " +
                   std::to_string(frame.seq) + " belongs, which is in line " + std::to_string(line_);
  }
  if (!pending.hash) return;
  if (last_seq_ != 0) {
    // If the line after the bad one holds its hash, the bad one is as it was written, and so is its prev.
    const bool before_was_edited = frame.prev == text_of(*pending.hash);
    if (!before_was_edited) {
      finding.segment = segment_;
      finding.line = line_ - 1;
    }
    finding.text = "the line of seq " + std::to_string(before_was_edited ? last_seq_ : last_seq_ + 1) +
                   " was edited: the line after it holds another hash";
  }
  pending.hash.reset();
}

void AuditChain::end_segment() {
  if (!partial_.empty()) {
    take_line(partial_, false);
    partial_.clear();
  }
  if (!skipping_) return;
  skipping_ = false;
  Pending& pending = pending_.back();
  pending.finding.bytes = segment_bytes_ - pending.offset;
  // What comes first is the cause: a segment that was edited has no continuation.
  if (pending.fatal && !fault_) fail(std::move(pending_.front().finding));
}

void AuditChain::settle_pending() {
  for (Pending& pending : pending_) {
    dead_bytes_ += pending.finding.bytes;
    if (notes_.size() < notes_max) notes_.push_back(std::move(pending.finding));
  }
  pending_.clear();
}

void AuditChain::fail(AuditFinding finding) {
  finding.bytes = 0;
  fault_ = std::move(finding);
  pending_.clear();
  partial_.clear();
  skipping_ = false;
}

}  // namespace circuit::schema
