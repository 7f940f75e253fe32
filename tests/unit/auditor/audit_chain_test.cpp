#include "schema/audit_chain.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/unit/auditor/sample_events.hpp"

namespace circuit::schema {
namespace {

using test::joined;
using test::sample_lines;
using Segments = std::vector<std::string>;

AuditChain checked(const Segments& segments, std::size_t piece_bytes = std::string::npos) {
  AuditChain chain;
  std::uint64_t number = 0;
  for (const std::string& segment : segments) {
    chain.begin_segment(++number);
    for (std::size_t at = 0; at < segment.size(); at += std::min(piece_bytes, segment.size()))
      chain.feed(std::string_view(segment).substr(at, piece_bytes));
  }
  chain.finish();
  return chain;
}

void check_fault(const Segments& segments, AuditProblem problem, std::uint64_t segment, std::uint64_t line) {
  const AuditChain chain = checked(segments);
  REQUIRE(chain.fault());
  INFO(chain.fault()->text);
  CHECK(name_of(chain.fault()->problem) == name_of(problem));
  CHECK(chain.fault()->segment == segment);
  CHECK(chain.fault()->line == line);
}

void check_good(const Segments& segments, std::uint64_t last_seq, std::uint64_t dead_bytes) {
  const AuditChain chain = checked(segments);
  INFO((chain.fault() ? chain.fault()->text : ""));
  CHECK_FALSE(chain.fault());
  CHECK(chain.events() == last_seq);
  CHECK(chain.last_seq() == last_seq);
  CHECK(chain.dead_bytes() == dead_bytes);
}

TEST_CASE("an empty log has no fault") {
  check_good({}, 0, 0);
  check_good({"", ""}, 0, 0);
}

TEST_CASE("a whole log is proven, in whatever pieces it comes") {
  const auto lines = sample_lines(9);
  const Segments segments = {joined(lines, 0, 4), "", joined(lines, 4, 9)};
  for (std::size_t piece = 1; piece < 700; piece += 7) {
    const AuditChain chain = checked(segments, piece);
    CHECK_FALSE(chain.fault());
    CHECK(chain.events() == 9);
    CHECK(chain.segments() == 3);
    CHECK(chain.last_hash() == sha256(lines[8].substr(0, lines[8].size() - 1)));
    CHECK(chain.last_prev() == sha256(lines[7].substr(0, lines[7].size() - 1)));
    CHECK(chain.segment_is_clean());
  }
}

TEST_CASE("a byte edited anywhere but in the newest line is a fault at its line") {
  const auto lines = sample_lines(5);
  const Segments whole = {joined(lines, 0, 2), joined(lines, 2, 5)};
  const std::size_t proven[] = {whole[0].size(), lines[2].size() + lines[3].size()};
  for (std::size_t segment = 0; segment < 2; ++segment)
    for (std::size_t at = 0; at < proven[segment]; ++at)
      for (const int bit : {1, 32}) {
        Segments edited = whole;
        edited[segment][at] = static_cast<char>(edited[segment][at] ^ bit);
        const AuditChain chain = checked(edited);
        INFO("segment " << segment + 1 << ", byte " << at);
        REQUIRE(chain.fault());
        CHECK(chain.fault()->segment == segment + 1);
        const auto end = whole[segment].begin() + static_cast<std::ptrdiff_t>(at);
        const auto line = static_cast<std::uint64_t>(std::count(whole[segment].begin(), end, '\n') + 1);
        // Without a third line behind the two, an edited prev can't be told from an edit of the line before.
        const bool is_either = line == 2 && chain.fault()->line == 1;
        CHECK((is_either || chain.fault()->line == line));
      }
}

TEST_CASE("an edited line is found by the line after it") {
  const auto lines = sample_lines(6);
  auto edited = lines;
  edited[2].replace(edited[2].find("1234"), 4, "1235");
  check_fault({joined(edited, 0, 6)}, AuditProblem::edited, 1, 3);
  check_fault({joined(edited, 0, 3), joined(edited, 3, 6)}, AuditProblem::edited, 1, 3);
  check_fault({joined(edited, 0, 4)}, AuditProblem::edited, 1, 3);
  check_good({joined(edited, 0, 3)}, 3, 0);  // nothing stands behind it: only the stream can tell
}

TEST_CASE("an edited prev is told from an edited line") {
  auto lines = sample_lines(6);
  const std::size_t prev = lines[3].find("\"prev\":\"") + 8;
  lines[3][prev] = lines[3][prev] == '0' ? '1' : '0';
  check_fault({joined(lines, 0, 6)}, AuditProblem::edited, 1, 4);
}

TEST_CASE("a log that does not begin at the beginning is a fault") {
  const auto lines = sample_lines(4);
  check_fault({joined(lines, 1, 4)}, AuditProblem::missing, 1, 1);
  auto edited = lines;
  edited[0][edited[0].size() - 5] = '1';
  check_fault({joined(edited, 0, 4)}, AuditProblem::edited, 1, 1);
}

TEST_CASE("a missing line is a fault") {
  const auto lines = sample_lines(6);
  check_fault({joined(lines, 0, 2) + joined(lines, 3, 6)}, AuditProblem::missing, 1, 3);
  check_fault({joined(lines, 0, 2), joined(lines, 3, 6)}, AuditProblem::missing, 2, 1);
}

TEST_CASE("a repeated line is a fault") {
  const auto lines = sample_lines(6);
  check_fault({joined(lines, 0, 3) + joined(lines, 2, 6)}, AuditProblem::repeated, 1, 4);
}

TEST_CASE("swapped lines are a fault") {
  auto lines = sample_lines(6);
  std::swap(lines[2], lines[3]);
  check_fault({joined(lines, 0, 6)}, AuditProblem::swapped, 1, 3);
  check_fault({joined(lines, 0, 2), joined(lines, 2, 6)}, AuditProblem::swapped, 2, 1);
}

TEST_CASE("a missing segment is a fault") {
  const auto lines = sample_lines(6);
  AuditChain chain;
  chain.begin_segment(1);
  chain.feed(joined(lines, 0, 2));
  chain.begin_segment(3);
  chain.feed(joined(lines, 4, 6));
  chain.finish();
  REQUIRE(chain.fault());
  CHECK(chain.fault()->problem == AuditProblem::missing_segment);
  CHECK(chain.fault()->segment == 3);
  CHECK(chain.last_seq() == 2);
  // Renamed to close the gap:
  check_fault({joined(lines, 0, 2), joined(lines, 4, 6)}, AuditProblem::missing, 2, 1);
}

TEST_CASE("swapped and duplicate segments are faults") {
  const auto lines = sample_lines(9);
  const std::string a = joined(lines, 0, 3), b = joined(lines, 3, 6), c = joined(lines, 6, 9);
  check_good({a, b, c}, 9, 0);
  check_fault({a, c, b}, AuditProblem::missing, 2, 1);
  check_fault({a, b, b, c}, AuditProblem::repeated, 3, 1);
  check_fault({a, b, c, c}, AuditProblem::repeated, 4, 1);
  check_fault({a, a}, AuditProblem::repeated, 2, 1);
}

TEST_CASE("the last line torn at any byte is dead and no fault") {
  const auto lines = sample_lines(5);
  const std::string before = joined(lines, 0, 4);
  for (std::size_t size = 1; size < lines[4].size(); ++size) {
    const AuditChain chain = checked({before + lines[4].substr(0, size)});
    CHECK_FALSE(chain.fault());
    CHECK(chain.last_seq() == 4);
    CHECK(chain.dead_bytes() == size);
    REQUIRE(chain.notes().size() == 1);
    CHECK(chain.notes()[0].problem == AuditProblem::torn);
    CHECK(chain.notes()[0].line == 5);
    CHECK(chain.notes()[0].bytes == size);
    // …and stays so when the log went on in the next segment.
    check_good({before + lines[4].substr(0, size), lines[4]}, 5, size);
  }
}

TEST_CASE("segments torn in their first line, one after the other, are dead") {
  const auto lines = sample_lines(5);
  const Segments segments = {joined(lines, 0, 2) + lines[2].substr(0, 50), lines[2].substr(0, 7), "",
                             lines[2].substr(0, 300), joined(lines, 2, 5)};
  check_good(segments, 5, 50 + 7 + segments[3].size());
  CHECK(checked(segments).notes().size() == 3);
}

TEST_CASE("blocks that never reached the disk are dead when the log goes on") {
  const auto lines = sample_lines(6);
  std::string torn = joined(lines, 2, 5);
  std::fill(torn.begin() + 10, torn.begin() + 500, '\0');
  check_good({joined(lines, 0, 2) + torn, joined(lines, 2, 6)}, 6, torn.size());
  // Without a continuation, whole lines behind the bad one leave it open what happened.
  const AuditChain chain = checked({joined(lines, 0, 2) + torn});
  CHECK(chain.fault());
  check_good({joined(lines, 0, 2) + std::string(5'000, '\0')}, 2, 5'000);
}

TEST_CASE("a torn segment does not excuse a next one that does not go on") {
  const auto lines = sample_lines(8);
  const std::string torn = joined(lines, 0, 2) + lines[2].substr(0, 50);
  check_fault({torn, joined(lines, 3, 8)}, AuditProblem::torn, 1, 3);
  check_fault({torn, joined(lines, 1, 8)}, AuditProblem::torn, 1, 3);
  auto edited = lines;
  edited[1].replace(edited[1].find("USD"), 3, "EUR");
  check_fault({joined(edited, 0, 2) + lines[2].substr(0, 50), joined(lines, 2, 8)}, AuditProblem::torn, 1, 3);
}

TEST_CASE("a line that is too long is a fault and takes no memory") {
  const auto lines = sample_lines(3);
  AuditChain chain;
  chain.begin_segment(1);
  chain.feed(lines[0]);
  const std::string piece(1 << 16, 'x');
  for (int i = 0; i < 100; ++i) chain.feed(piece);
  chain.feed("\n" + lines[1]);
  chain.finish();
  REQUIRE(chain.fault());
  CHECK(chain.fault()->problem == AuditProblem::too_long);
  CHECK(chain.fault()->line == 2);
}

TEST_CASE("a chain that starts in the middle takes its first line as given") {
  const auto lines = sample_lines(8);
  std::vector<std::uint64_t> seqs;
  AuditChain chain(AuditChain::Start::first_line, [&](std::uint64_t seq, std::string_view) { seqs.push_back(seq); });
  chain.begin_segment(7);
  chain.feed(joined(lines, 4, 6));
  chain.begin_segment(8);
  chain.feed(joined(lines, 6, 8));
  chain.finish();
  CHECK_FALSE(chain.fault());
  CHECK(seqs == std::vector<std::uint64_t>{5, 6, 7, 8});
  CHECK(chain.last_prev() == sha256(lines[6].substr(0, lines[6].size() - 1)));
}

TEST_CASE("the first good line given in the middle tells the hash before it") {
  const auto lines = sample_lines(3);
  AuditChain chain(AuditChain::Start::first_line);
  chain.begin_segment(2);
  chain.feed(lines[2]);
  chain.finish();
  CHECK(chain.last_seq() == 3);
  CHECK(chain.last_prev() == sha256(lines[1].substr(0, lines[1].size() - 1)));
}

}  // namespace
}  // namespace circuit::schema
