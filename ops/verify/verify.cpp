#include "ops/verify/verify.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "schema/audit_line.hpp"
#include "schema/time_text.hpp"

namespace circuit::ops {
namespace {

using schema::AuditChain;
using schema::AuditFinding;
using Clock = std::chrono::steady_clock;

constexpr std::size_t read_bytes = 1 << 20;
constexpr std::size_t rendered_events_max = 10'000;
constexpr std::chrono::milliseconds turn{100};

struct Segment {
  std::uint64_t number;
  std::filesystem::path path;
};

std::vector<Segment> segments_of(const std::filesystem::path& directory) {
  std::vector<Segment> segments;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    if (const auto number = schema::parse_audit_segment_name(entry.path().filename().native()))
      segments.push_back({*number, entry.path()});
  std::ranges::sort(segments, {}, &Segment::number);
  return segments;
}

// Gives the file's bytes in pieces until `on_bytes` returns false.
template <class OnBytes>
void read_file(const std::filesystem::path& path, const OnBytes& on_bytes) {
  std::ifstream file(path, std::ios::binary);
  std::string buffer(read_bytes, '\0');
  while (file) {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto got = static_cast<std::size_t>(file.gcount());
    if (got != 0 && !on_bytes(std::string_view(buffer).substr(0, got))) return;
  }
  if (!file.eof() || file.bad()) throw std::runtime_error(path.string() + ": cannot read");
}

// The seq of a segment's first line, or 0.
std::uint64_t first_seq_of(const Segment& segment) {
  std::uint64_t seq = 0;
  read_file(segment.path, [&](std::string_view bytes) {
    const std::string_view head = bytes.substr(0, schema::audit_line_bytes_max + 1);
    if (const auto frame = schema::parse_audit_line(head.substr(0, head.find('\n')))) seq = frame->seq;
    return false;
  });
  return seq;
}

// The lines that the stream's events give, drawn from it as they are needed.
class RenderedStream {
 public:
  RenderedStream(zmq::context_t& context, const CompareOptions& options, std::uint64_t from_seq, schema::Hash32 prev)
      : context_(context), options_(options), next_seq_(from_seq), prev_(prev) {}

  // The next line without its newline, valid until the next call; nothing when the stream has ended or did not answer.
  std::optional<std::string_view> next() {
    if (at_ == lines_.size()) draw();
    if (at_ == lines_.size()) return std::nullopt;
    const std::size_t end = lines_.find('\n', at_);
    const std::string_view line = std::string_view(lines_).substr(at_, end - at_);
    at_ = end + 1;
    return line;
  }
  // Whether nothing is left of what the broker had when it was last asked.
  [[nodiscard]] bool ended() const { return at_ == lines_.size() && subscriber_ && subscriber_->caught_up(); }

 private:
  // A subscriber that has caught up speaks of the past. The lines that are compared may be newer, so another asks anew.
  void draw() {
    if (!subscriber_ || subscriber_->caught_up())
      subscriber_.emplace(context_, client::SubscriberOptions{.events_endpoint = options_.events_endpoint,
                                                              .replay_endpoint = options_.replay_endpoint,
                                                              .from_seq = next_seq_});
    lines_.clear();
    at_ = 0;
    const auto render = [this](const schema::Event& event) { schema::append_audit_line(lines_, event, prev_); };
    const auto deadline = Clock::now() + options_.answer_wait;
    while (lines_.empty() && !subscriber_->caught_up() && Clock::now() < deadline)
      subscriber_->receive(turn, render, rendered_events_max);
    next_seq_ = subscriber_->next_seq();
  }

  zmq::context_t& context_;
  const CompareOptions& options_;
  std::uint64_t next_seq_;
  schema::Hash32 prev_;
  std::optional<client::Subscriber> subscriber_;
  std::string lines_;
  std::size_t at_ = 0;
};

// Takes the log's lines in order and compares each with the stream's.
class Comparison {
 public:
  Comparison(zmq::context_t& context, const CompareOptions& options, std::uint64_t from_seq)
      : context_(context), options_(options), from_seq_(from_seq) {}

  // False once the outcome is known.
  bool take(std::uint64_t seq, std::string_view line) {
    if (seq < from_seq_ || decided_) return !decided_;
    if (!stream_) begin(seq, line);
    const std::optional<std::string_view> wanted = stream_->next();
    if (!wanted) return decide(stream_->ended() ? Outcome::ahead : Outcome::no_answer, seq);
    if (*wanted != line) return decide(Outcome::differs, seq);
    report_.agreed_seq = seq;
    return true;
  }

  // The log has ended.
  StreamReport finish() {
    if (decided_) return std::move(report_);
    report_.outcome = stream_ ? Outcome::agrees : Outcome::no_log;
    if (!stream_) stream_.emplace(context_, options_, 1, schema::Hash32{});
    do {
      const std::optional<std::string_view> line = stream_->next();
      if (!line) break;
      if (report_.behind_events++ == 0) report_.behind_since = time_of(*line);
    } while (report_.behind_events < options_.behind_events_max && !stream_->ended());
    if (report_.outcome == Outcome::no_log && report_.behind_events == 0 && !stream_->ended())
      report_.outcome = Outcome::no_answer;
    return std::move(report_);
  }

 private:
  using Outcome = StreamReport::Outcome;

  // The first line's prev is the hash of the line before it, as the chain has shown.
  void begin(std::uint64_t seq, std::string_view line) {
    schema::Hash32 prev{};
    if (const auto frame = schema::parse_audit_line(line)) (void)schema::hex_decode(frame->prev, prev);
    stream_.emplace(context_, options_, seq, prev);
    report_.first_seq = seq;
  }
  bool decide(Outcome outcome, std::uint64_t seq) {
    report_.outcome = outcome;
    if (outcome != Outcome::no_answer) report_.wrong_seq = seq;
    decided_ = true;
    return false;
  }
  static std::string time_of(std::string_view line) {
    constexpr std::string_view key = R"("ts":")";
    return std::string(line.substr(line.find(key) + key.size(), schema::time_text_bytes));
  }

  zmq::context_t& context_;
  const CompareOptions& options_;
  const std::uint64_t from_seq_;
  bool decided_ = false;
  std::optional<RenderedStream> stream_;
  StreamReport report_;
};

std::string place_text(const AuditFinding& finding) {
  std::string text = "segment " + schema::audit_segment_name(finding.segment);
  if (finding.line != 0) text += ", line " + std::to_string(finding.line);
  return text + ": " + finding.text;
}

std::string chain_text(const VerifyReport& report) {
  std::string text = "audit log " + report.directory.string() + ": " + std::to_string(report.events) + " events, " +
                     std::to_string(report.segments) + " segments, " + std::to_string(report.bytes) + " bytes\n";
  if (report.fault)
    return text + "chain:  FAULT (" + std::string(name_of(report.fault->problem)) + ") in " +
           place_text(*report.fault) + ".\n        Nothing behind this place is proven.\n";
  if (report.last_seq == 0) return text + "chain:  there is no line yet.\n";
  text += "chain:  good, seq 1 to " + std::to_string(report.last_seq) + ".\n";
  text += "        The hash of seq " + std::to_string(report.last_seq) + " is " +
          schema::hex_encode(schema::bytes_of(report.last_hash)) + ".\n";
  text += report.proven_seq == 0
              ? "proven: nothing yet"
              : "proven: up to seq " + std::to_string(report.proven_seq) + ", each line by the one after it";
  return text + ". A chain alone can't show that its newest lines were cut or edited.\n";
}

std::string notes_text(const VerifyReport& report) {
  if (report.notes.empty()) return {};
  std::string text = "dead:   " + std::to_string(report.dead_bytes) +
                     " bytes that a crash left, or that are being written. No event is missing because of them.\n";
  for (const AuditFinding& note : report.notes)
    text += "        " + place_text(note) + " (" + std::to_string(note.bytes) + " bytes)\n";
  return text;
}

std::string_view name_of(StreamReport::Outcome outcome) {
  switch (outcome) {
    case StreamReport::Outcome::agrees: return "agrees";
    case StreamReport::Outcome::differs: return "differs";
    case StreamReport::Outcome::ahead: return "ahead";
    case StreamReport::Outcome::no_answer: return "no_answer";
    case StreamReport::Outcome::no_log: return "no_log";
  }
  return "unknown";
}

std::string outcome_text(const StreamReport& stream) {
  const std::string first = std::to_string(stream.first_seq);
  const std::string wrong = std::to_string(stream.wrong_seq);
  switch (stream.outcome) {
    case StreamReport::Outcome::agrees:
      return "compared with the broker's events from seq " + first + " up to seq " + std::to_string(stream.agreed_seq) +
             ": they agree";
    case StreamReport::Outcome::differs:
      return "FAULT: the line of seq " + wrong + " is not what the broker's event gives: one of the two was edited";
    case StreamReport::Outcome::ahead:
      return "FAULT: the log has seq " + wrong + ", and the broker does not: it lost events, or is another one";
    case StreamReport::Outcome::no_answer: return "not compared: no broker answered";
    case StreamReport::Outcome::no_log: return "there is no line to compare";
  }
  return {};
}

std::string stream_text(const StreamReport& stream) {
  std::string text = "stream: " + outcome_text(stream) + ".\n";
  if (stream.behind_events != 0)
    text += "        The stream has at least " + std::to_string(stream.behind_events) +
            " more events than the log, the first from " + stream.behind_since +
            ": the auditor has yet to write them, or the newest lines were cut off.\n";
  return text;
}

nlohmann::ordered_json finding_json(const AuditFinding& finding) {
  nlohmann::ordered_json json = {{"problem", name_of(finding.problem)},
                                 {"segment", finding.segment},
                                 {"line", finding.line},
                                 {"text", finding.text}};
  if (finding.bytes != 0) json["bytes"] = finding.bytes;
  return json;
}

nlohmann::ordered_json stream_json(const StreamReport& stream) {
  nlohmann::ordered_json json = {{"outcome", name_of(stream.outcome)},
                                 {"first_seq", stream.first_seq},
                                 {"agreed_seq", stream.agreed_seq},
                                 {"wrong_seq", stream.wrong_seq},
                                 {"behind_events", stream.behind_events}};
  if (!stream.behind_since.empty()) json["behind_since"] = stream.behind_since;
  return json;
}

}  // namespace

VerifyReport verify_audit(const std::filesystem::path& directory, const Progress& progress) {
  VerifyReport report;
  report.directory = directory;
  const std::vector<Segment> segments = segments_of(directory);
  std::uint64_t bytes_all = 0;
  for (const Segment& segment : segments) bytes_all += std::filesystem::file_size(segment.path);
  AuditChain chain;
  for (const Segment& segment : segments) {
    chain.begin_segment(segment.number);
    read_file(segment.path, [&](std::string_view bytes) {
      chain.feed(bytes);
      report.bytes += bytes.size();
      // A segment that is being written may have grown.
      if (progress) progress(report.bytes, std::max(report.bytes, bytes_all));
      return !chain.fault();
    });
    if (chain.fault()) break;
  }
  chain.finish();
  report.segments = segments.size();
  report.events = chain.events();
  report.last_seq = chain.last_seq();
  report.last_hash = chain.last_hash();
  report.fault = chain.fault();
  report.notes = chain.notes();
  report.dead_bytes = chain.dead_bytes();
  report.proven_seq = report.last_seq == 0 ? 0 : report.last_seq - 1;
  return report;
}

StreamReport compare_with_stream(zmq::context_t& context, const VerifyReport& report, const CompareOptions& options) {
  const bool all = options.newest_events == 0 || options.newest_events >= report.last_seq;
  const std::uint64_t from_seq = all ? 1 : report.last_seq - options.newest_events + 1;
  const std::vector<Segment> segments = segments_of(report.directory);
  // The newest segment that begins at or before the line; one without a whole first line says nothing.
  auto first = segments.end();
  while (first != segments.begin()) {
    const std::uint64_t seq = first_seq_of(*--first);
    if (seq != 0 && seq <= from_seq) break;
  }
  Comparison comparison(context, options, from_seq);
  bool undecided = true;
  AuditChain chain(AuditChain::Start::first_line, [&](std::uint64_t seq, std::string_view line) {
    if (undecided) undecided = comparison.take(seq, line);
  });
  for (; first != segments.end() && undecided; ++first) {
    chain.begin_segment(first->number);
    read_file(first->path, [&](std::string_view bytes) {
      chain.feed(bytes);
      return undecided;
    });
  }
  return comparison.finish();
}

std::string report_text(const VerifyReport& report, const StreamReport* stream) {
  return chain_text(report) + notes_text(report) + (stream ? stream_text(*stream) : std::string());
}

nlohmann::ordered_json report_json(const VerifyReport& report, const StreamReport* stream) {
  nlohmann::ordered_json json = {{"directory", report.directory.string()},
                                 {"good", report.good() && (!stream || stream->good())},
                                 {"segments", report.segments},
                                 {"bytes", report.bytes},
                                 {"events", report.events},
                                 {"last_seq", report.last_seq},
                                 {"last_hash", schema::hex_encode(schema::bytes_of(report.last_hash))},
                                 {"proven_seq", report.proven_seq},
                                 {"dead_bytes", report.dead_bytes},
                                 {"fault", nullptr},
                                 {"notes", nlohmann::ordered_json::array()},
                                 {"stream", nullptr}};
  if (report.fault) json["fault"] = finding_json(*report.fault);
  for (const AuditFinding& note : report.notes) json["notes"].push_back(finding_json(note));
  if (stream) json["stream"] = stream_json(*stream);
  return json;
}

}  // namespace circuit::ops
