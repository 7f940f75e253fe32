// Any bytes as the segments of an audit log (0x1e ends one). The verdict does not depend on the pieces in which the
// bytes arrive, and good lines are contiguous.
#include <algorithm>
#include <string>

#include "schema/audit_chain.hpp"
#include "tests/fuzz/require.hpp"

using namespace circuit;
using fuzz::require;

namespace {

struct Verdict {
  std::string text;
  bool is_good = true;
  std::uint64_t events = 0, last_seq = 0, dead_bytes = 0;
  schema::Hash32 last_hash{};
  bool operator==(const Verdict&) const = default;
};

Verdict verdict(std::string_view log, std::size_t piece_bytes, schema::AuditChain::Start start) {
  std::uint64_t lines = 0, last = 0;
  schema::Hash32 before{};
  schema::AuditChain chain(start, [&](std::uint64_t seq, std::string_view line) {
    const schema::HashHex hex = schema::hash_hex(before);
    if (lines > 0 || start == schema::AuditChain::Start::genesis)
      require(line.find(std::string_view(hex.data(), hex.size())) != line.npos, "a good line holds the hash before it");
    before = schema::sha256(line);
    require(lines == 0 || seq == last + 1, "good lines are contiguous");
    require(line.find('\n') == line.npos, "a line is one");
    last = seq;
    ++lines;
  });
  std::uint64_t segment = 0;
  for (std::size_t begin = 0; begin <= log.size();) {
    const std::size_t end = std::min(log.find('\x1e', begin), log.size());
    chain.begin_segment(++segment);
    for (std::size_t at = begin; at < end; at += piece_bytes)
      chain.feed(log.substr(at, std::min(piece_bytes, end - at)));
    begin = end + 1;
  }
  chain.finish();
  require(lines == chain.events() && (lines == 0 || last == chain.last_seq()), "good lines are counted");
  require(chain.notes().size() <= schema::AuditChain::notes_max, "notes are bounded");
  require(chain.dead_bytes() <= log.size(), "dead bytes are bytes of the log");
  Verdict result{{}, !chain.fault(), chain.events(), chain.last_seq(), chain.dead_bytes(), chain.last_hash()};
  const auto add = [&](const schema::AuditFinding& finding) {
    require(!finding.text.empty() && finding.segment >= 1 && finding.segment <= segment, "a finding says where");
    result.text += std::string(name_of(finding.problem)) + std::to_string(finding.segment) + ':' +
                   std::to_string(finding.line) + finding.text + '\n';
  };
  if (chain.fault()) add(*chain.fault());
  for (const schema::AuditFinding& note : chain.notes()) add(note);
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view log = fuzz::view_of(data, size);
  for (const auto start : {schema::AuditChain::Start::genesis, schema::AuditChain::Start::first_line}) {
    const Verdict whole = verdict(log, std::max<std::size_t>(size, 1), start);
    for (const std::size_t piece_bytes : {1, 7, 100})
      require(verdict(log, piece_bytes, start) == whole, "the verdict does not depend on the pieces");
    if (whole.text.empty() && whole.dead_bytes == 0)
      require(!verdict(std::string(log) + "x\n", size + 2, start).is_good, "what is no line is a fault at the end");
  }
  return 0;
}
