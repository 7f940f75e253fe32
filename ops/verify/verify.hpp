// Checks an audit log (DESIGN §3.4): its chain, which needs no daemon, and its newest lines against the stream, which
// needs a broker. A chain shows every change but one: its newest line has no line after it, and lines cut off its end
// leave nothing behind. So a report says how far each proof reaches.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "broker/client/subscriber.hpp"
#include "schema/audit_chain.hpp"

namespace circuit::ops {

struct VerifyReport {
  std::filesystem::path directory;
  std::uint64_t segments = 0;
  std::uint64_t bytes = 0;
  std::uint64_t events = 0;      // good lines: seq 1 to last_seq
  std::uint64_t last_seq = 0;    // 0: the log is empty
  schema::Hash32 last_hash{};    // whoever keeps it can prove later that the log up to here was not changed
  std::uint64_t proven_seq = 0;  // up to here each line is held by the one after it
  std::uint64_t dead_bytes = 0;
  std::optional<schema::AuditFinding> fault;  // the first
  std::vector<schema::AuditFinding> notes;    // dead bytes: what crashes left, no fault
  [[nodiscard]] bool good() const { return !fault; }
};

// Gets the bytes read so far and those there are in all, about once per MiB.
using Progress = std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_all)>;

// Reads the whole log. The auditor may be writing meanwhile. Throws std::runtime_error when it can't be read.
[[nodiscard]] VerifyReport verify_audit(const std::filesystem::path& directory, const Progress& progress = {});

struct CompareOptions {
  std::string events_endpoint;
  std::string replay_endpoint;
  std::uint64_t newest_events = 1'000;        // how many lines to compare, from the end; 0: all
  std::uint64_t behind_events_max = 100'000;  // events that the log lacks are counted up to this many
  std::chrono::milliseconds answer_wait{5'000};
};

struct StreamReport {
  enum class Outcome : std::uint8_t {
    agrees,     // every line that was compared is what the stream's event gives
    differs,    // a line is not
    ahead,      // the log has lines of events that the stream does not have
    no_answer,  // no broker answered in time
    no_log,     // there is no line to compare
  };
  Outcome outcome = Outcome::no_answer;
  std::uint64_t first_seq = 0;      // of the lines compared
  std::uint64_t agreed_seq = 0;     // the lines from first_seq to here agree; 0: none
  std::uint64_t wrong_seq = 0;      // of the first line that does not
  std::uint64_t behind_events = 0;  // events of the stream that the log lacks: the auditor is late, or lines were cut
  std::string behind_since;         // when the first of these happened, RFC 3339
  // Whether no fault was found, which is not much when there was no answer.
  [[nodiscard]] bool good() const { return outcome != Outcome::differs && outcome != Outcome::ahead; }
};

// Compares the newest lines of the log that was verified with the stream, and those that were added since.
// Precondition: the report has no fault. Throws std::runtime_error when the log can't be read or the stream is broken.
[[nodiscard]] StreamReport compare_with_stream(zmq::context_t& context, const VerifyReport& report,
                                               const CompareOptions& options);

// The reports in sentences, one a line, and as JSON. Without a broker there is no StreamReport (nullptr).
[[nodiscard]] std::string report_text(const VerifyReport& report, const StreamReport* stream);
[[nodiscard]] nlohmann::ordered_json report_json(const VerifyReport& report, const StreamReport* stream);

}  // namespace circuit::ops
