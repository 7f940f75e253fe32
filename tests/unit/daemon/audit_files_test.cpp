#include "broker/daemon/audit_files.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "schema/audit_line.hpp"
#include "tests/unit/auditor/sample_events.hpp"
#include "tests/unit/daemon/scratch_directory.hpp"

namespace circuit::daemon {
namespace {

using test::joined;
using test::sample_lines;

void put(const std::filesystem::path& directory, std::uint64_t number, std::string_view bytes) {
  std::ofstream(directory / schema::audit_segment_name(number), std::ios::binary) << bytes;
}

std::uint64_t end_of(const std::filesystem::path& directory) {
  const auto line = last_audit_line(directory);
  return line ? line->seq : 0;
}

TEST_CASE("the end of a log is its last whole line, whatever a crash left behind it") {
  const ScratchDirectory scratch;
  CHECK(end_of(scratch.path) == 0);
  const auto lines = sample_lines(20);
  put(scratch.path, 1, joined(lines, 0, 10));
  CHECK(end_of(scratch.path) == 10);
  const std::string torn = lines[10].substr(0, 40);
  put(scratch.path, 1, joined(lines, 0, 10) + torn);
  CHECK(end_of(scratch.path) == 10);
  put(scratch.path, 1, joined(lines, 0, 10) + std::string(3 << 20, '\0'));  // blocks that never reached the disk
  CHECK(end_of(scratch.path) == 10);
  put(scratch.path, 2, torn);
  put(scratch.path, 3, "");
  CHECK(end_of(scratch.path) == 10);
  put(scratch.path, 4, joined(lines, 10, 12));
  CHECK(end_of(scratch.path) == 12);
  std::ofstream(scratch.path / "lock") << lines[19];
  CHECK(end_of(scratch.path) == 12);
}

TEST_CASE("two logs agree up to the last event that both have") {
  const auto lines = sample_lines(1'000);
  for (const std::uint64_t agreed : {0u, 1u, 299u, 300u, 301u, 302u, 640u, 999u, 1'000u}) {
    CAPTURE(agreed);
    const ScratchDirectory scratch;
    put(scratch.path, 1, joined(lines, 0, 300) + "torn");
    put(scratch.path, 2, joined(lines, 300, 301));
    put(scratch.path, 3, joined(lines, 301, 1'000) + lines[3].substr(0, 50));
    std::size_t asked = 0;
    const auto agrees = [&](const AuditLine& line) {
      ++asked;
      CHECK(line.line + '\n' == lines.at(line.seq - 1));
      return line.seq <= agreed;
    };
    CHECK(agreed_audit_seq(scratch.path, agrees) == agreed);
    CHECK(asked < 40);
  }
}

TEST_CASE("a line is its event's and no other's") {
  const std::string text = sample_lines(3)[2];
  const AuditLine line{3, text.substr(0, text.size() - 1)};
  schema::Event event = test::sample_event(3);
  CHECK(is_line_of(line, event));
  event.data.customer_id = "customer_002";
  CHECK_FALSE(is_line_of(line, event));
  CHECK_FALSE(is_line_of(line, test::sample_event(2)));
}

}  // namespace
}  // namespace circuit::daemon
