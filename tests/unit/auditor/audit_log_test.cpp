#include "workers/auditor/audit_log.hpp"

#include <signal.h>
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "broker/config/config_error.hpp"
#include "schema/audit_chain.hpp"
#include "tests/unit/auditor/sample_events.hpp"
#include "tests/unit/daemon/scratch_directory.hpp"

namespace circuit::auditor {
namespace {

using test::joined;
using test::sample_event;
using test::sample_lines;

struct Stage {
  ScratchDirectory scratch;
  std::filesystem::path directory = scratch.path / "audit";

  std::filesystem::path segment(std::uint64_t number) const { return directory / schema::audit_segment_name(number); }
  std::string text(std::uint64_t number) const {
    std::ifstream file(segment(number), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void put(std::uint64_t number, std::string_view bytes) const {
    std::filesystem::create_directory(directory);
    std::ofstream(segment(number), std::ios::binary) << bytes;
  }
  std::uint64_t segments() const {
    std::uint64_t count = 0;
    while (std::filesystem::exists(segment(count + 1))) ++count;
    return count;
  }
  // What `circuit verify` would say.
  void check_proven(std::uint64_t last_seq) const {
    schema::AuditChain chain;
    for (std::uint64_t number = 1; number <= segments(); ++number) {
      chain.begin_segment(number);
      chain.feed(text(number));
    }
    chain.finish();
    INFO((chain.fault() ? chain.fault()->text : ""));
    CHECK_FALSE(chain.fault());
    CHECK(chain.last_seq() == last_seq);
  }
};

// Adds events up to `last_seq`, as the stream gives them.
void add_up_to(AuditLog& log, std::uint64_t last_seq) {
  while (log.wanted_seq() <= last_seq) log.add(sample_event(log.wanted_seq()));
}

// Files of this process can't grow beyond the limit: a write is cut short there, and the next one fails.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::uint64_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_CASE("the log is a private directory with private files") {
  Stage stage;
  AuditLog log(stage.directory);
  add_up_to(log, 1);
  log.commit();
  using std::filesystem::perms;
  CHECK(std::filesystem::status(stage.directory).permissions() == perms::owner_all);
  CHECK(std::filesystem::status(stage.segment(1)).permissions() == (perms::owner_read | perms::owner_write));
}

TEST_CASE("a second auditor is refused") {
  Stage stage;
  AuditLog log(stage.directory);
  CHECK_THROWS_AS(AuditLog(stage.directory), daemon::LockHeld);
}

TEST_CASE("batches are appended and count once they are committed") {
  Stage stage;
  AuditLog log(stage.directory);
  CHECK(log.confirmed());
  CHECK(log.wanted_seq() == 1);
  log.commit();
  CHECK(stage.segments() == 0);
  add_up_to(log, 3);
  CHECK(log.last_seq() == 0);
  CHECK(stage.segments() == 0);
  log.commit();
  CHECK(log.last_seq() == 3);
  add_up_to(log, 4);
  log.commit();
  CHECK(stage.text(1) == joined(sample_lines(4), 0, 4));
}

TEST_CASE("a restarted auditor confirms the last line and goes on in the same segment") {
  Stage stage;
  {
    AuditLog log(stage.directory);
    add_up_to(log, 5), log.commit();
  }
  AuditLog log(stage.directory);
  CHECK_FALSE(log.confirmed());
  CHECK(log.wanted_seq() == 5);
  log.add(sample_event(5));
  CHECK(log.confirmed());
  CHECK(log.wanted_seq() == 6);
  add_up_to(log, 7);
  log.commit();
  CHECK(stage.text(1) == joined(sample_lines(7), 0, 7));
  CHECK(stage.segments() == 1);
}

TEST_CASE("what was added and not committed is not in the log") {
  Stage stage;
  {
    AuditLog log(stage.directory);
    add_up_to(log, 2), log.commit(), add_up_to(log, 4);
  }
  CHECK(AuditLog(stage.directory).last_seq() == 2);
}

TEST_CASE("segments end before the size limit, and a larger batch has one of its own") {
  Stage stage;
  const auto lines = sample_lines(9);
  const AuditLogOptions options{.segment_bytes_max = 1'000};
  {
    AuditLog log(stage.directory, options);
    for (std::uint64_t seq = 1; seq <= 4; ++seq) add_up_to(log, seq), log.commit();
    add_up_to(log, 8);
    log.commit();
  }
  AuditLog log(stage.directory, options);
  add_up_to(log, 9);
  log.commit();
  CHECK(stage.text(1) == joined(lines, 0, 2));
  CHECK(stage.text(2) == joined(lines, 2, 4));
  CHECK(stage.text(3) == joined(lines, 4, 8));
  CHECK(stage.text(4) == joined(lines, 8, 9));
  stage.check_proven(9);
}

TEST_CASE("a line torn at any byte stays where it is and the log goes on in a new segment") {
  const auto lines = sample_lines(5);
  for (std::size_t size = 1; size < lines[3].size(); ++size) {
    Stage stage;
    const std::string torn = joined(lines, 0, 3) + lines[3].substr(0, size);
    stage.put(1, torn);
    AuditLog log(stage.directory);
    REQUIRE(log.last_seq() == 3);
    add_up_to(log, 5);
    log.commit();
    REQUIRE(stage.text(1) == torn);
    REQUIRE(stage.text(2) == joined(lines, 3, 5));
    stage.check_proven(5);
  }
}

TEST_CASE("a first line torn at any byte is followed by a new segment") {
  const auto lines = sample_lines(2);
  for (std::size_t size = 1; size < lines[0].size(); size += 13) {
    Stage stage;
    stage.put(1, lines[0].substr(0, size));
    AuditLog log(stage.directory);
    CHECK(log.confirmed());
    add_up_to(log, 2);
    log.commit();
    stage.check_proven(2);
  }
}

TEST_CASE("crash after crash in the first line of a segment loses nothing") {
  Stage stage;
  const auto lines = sample_lines(6);
  stage.put(1, joined(lines, 0, 3));
  stage.put(2, lines[3].substr(0, 100));
  stage.put(3, lines[3].substr(0, 200));
  AuditLog log(stage.directory);
  CHECK(log.last_seq() == 3);
  add_up_to(log, 6);
  log.commit();
  CHECK(stage.text(4) == joined(lines, 3, 6));
  stage.check_proven(6);
}

TEST_CASE("an empty newest segment is used") {
  Stage stage;
  const auto lines = sample_lines(4);
  stage.put(1, joined(lines, 0, 3));
  stage.put(2, "");
  AuditLog log(stage.directory);
  CHECK(log.last_seq() == 3);
  add_up_to(log, 4);
  log.commit();
  CHECK(stage.text(2) == lines[3]);
  CHECK(stage.segments() == 2);
}

TEST_CASE("a write that is cut short does not count, and the rest goes to a new segment") {
  const auto lines = sample_lines(6);
  const std::size_t before = lines[0].size() + lines[1].size();
  const std::size_t all = joined(lines, 0, 6).size();
  for (std::size_t limit = before; limit < all; limit += 37) {
    Stage stage;
    AuditLog log(stage.directory);
    add_up_to(log, 2);
    log.commit();
    add_up_to(log, 6);
    {
      const FileSizeLimit full(limit);
      CHECK_THROWS_AS(log.commit(), std::system_error);
      CHECK(log.last_seq() == 2);
      // Still full; whole lines that did arrive are found now.
      if (limit < joined(lines, 4, 6).size()) CHECK_THROWS_AS(log.commit(), std::system_error);
    }
    log.commit();
    CHECK(log.last_seq() == 6);
    add_up_to(log, 7);
    log.commit();
    CHECK(stage.segments() >= 2);
    CHECK(stage.text(1) == joined(lines, 0, 6).substr(0, limit));
    stage.check_proven(7);
  }
}

TEST_CASE("a whole batch that arrived in spite of an error is not written twice") {
  Stage stage;
  const auto lines = sample_lines(4);
  AuditLog log(stage.directory);
  add_up_to(log, 2);
  log.commit();
  add_up_to(log, 4);
  {
    const FileSizeLimit full(joined(lines, 0, 3).size());
    CHECK_THROWS_AS(log.commit(), std::system_error);
  }
  // The rest arrives behind the log's back, as after a sync that failed and yet was done.
  std::ofstream(stage.segment(1), std::ios::binary | std::ios::app) << lines[3];
  log.commit();
  CHECK(log.last_seq() == 4);
  CHECK(stage.segments() == 1);
  add_up_to(log, 5);
  log.commit();
  stage.check_proven(5);
}

TEST_CASE("a log whose last line is not the stream's event is refused and left alone") {
  Stage stage;
  auto lines = sample_lines(3);
  lines[2].replace(lines[2].find("1234"), 4, "1235");
  stage.put(1, joined(lines, 0, 3));
  AuditLog log(stage.directory);
  CHECK_THROWS_AS(log.add(sample_event(3)), config::ConfigError);
  CHECK_FALSE(log.confirmed());
  CHECK(stage.text(1) == joined(lines, 0, 3));
}

TEST_CASE("a log whose newest lines were cut at a line's end is written on") {
  Stage stage;
  stage.put(1, joined(sample_lines(5), 0, 3));
  AuditLog log(stage.directory);
  add_up_to(log, 5);
  log.commit();
  CHECK(stage.text(1) == joined(sample_lines(5), 0, 5));
}

TEST_CASE("a log that is ahead of the stream is refused") {
  Stage stage;
  stage.put(1, joined(sample_lines(3), 0, 3));
  AuditLog log(stage.directory);
  CHECK_NOTHROW(log.refuse_if_ahead(false));
  CHECK_THROWS_AS(log.refuse_if_ahead(true), config::ConfigError);
  log.add(sample_event(3));
  CHECK_NOTHROW(log.refuse_if_ahead(true));
}

}  // namespace
}  // namespace circuit::auditor
