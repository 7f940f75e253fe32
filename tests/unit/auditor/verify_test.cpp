#include "ops/verify/verify.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "tests/unit/auditor/sample_events.hpp"
#include "tests/unit/client/fake_broker.hpp"
#include "tests/unit/daemon/scratch_directory.hpp"

namespace circuit::ops {
namespace {

using namespace std::chrono_literals;
using test::joined;
using test::sample_lines;
using Outcome = StreamReport::Outcome;

void put(const std::filesystem::path& directory, std::uint64_t number, std::string_view bytes) {
  std::ofstream(directory / schema::audit_segment_name(number), std::ios::binary) << bytes;
}

// A broker with `events` events that answers from a thread of its own.
class RunningBroker {
 public:
  RunningBroker(const std::filesystem::path& directory, std::uint64_t events)
      : directory_(directory), thread_([this, events](std::stop_token stop) {
          test::FakeJournal journal;
          for (std::uint64_t seq = 1; seq <= events; ++seq) test::commit(journal, test::sample_event(seq));
          test::FakeBroker broker(directory_, journal);
          while (!stop.stop_requested()) broker.serve(5ms);
        }) {}

 private:
  std::filesystem::path directory_;
  std::jthread thread_;
};

StreamReport compared(const std::filesystem::path& directory, std::uint64_t newest,
                      std::chrono::milliseconds wait = 20s) {
  zmq::context_t context;
  const VerifyReport report = verify_audit(directory);
  REQUIRE(report.good());
  return compare_with_stream(context, report,
                             {.events_endpoint = test::FakeBroker::events_endpoint(directory),
                              .replay_endpoint = test::FakeBroker::replay_endpoint(directory),
                              .newest_events = newest,
                              .answer_wait = wait});
}

TEST_CASE("a whole log is verified up to the line before its last") {
  const ScratchDirectory scratch;
  const auto lines = sample_lines(9);
  put(scratch.path, 1, joined(lines, 0, 5));
  put(scratch.path, 2, joined(lines, 5, 9) + "{\"seq\":10,");
  std::ofstream(scratch.path / "lock") << "not a segment";
  std::uint64_t done = 0, all = 0;
  const VerifyReport report = verify_audit(scratch.path, [&](std::uint64_t a, std::uint64_t b) { done = a, all = b; });
  CHECK(report.good());
  CHECK(report.segments == 2);
  CHECK(report.last_seq == 9);
  CHECK(report.proven_seq == 8);
  CHECK(report.dead_bytes == 10);
  CHECK(done == all);
  CHECK(done == report.bytes);
  const std::string text = report_text(report, nullptr);
  CHECK(text.find("proven: up to seq 8") != std::string::npos);
  CHECK(text.find("can't show that its newest lines were cut or edited") != std::string::npos);
  const auto json = report_json(report, nullptr);
  CHECK(json["good"] == true);
  CHECK(json["fault"].is_null());
  CHECK(json["notes"][0]["problem"] == "torn");
}

TEST_CASE("a report names the place of a fault") {
  const ScratchDirectory scratch;
  auto lines = sample_lines(9);
  lines[6].replace(lines[6].find("USD"), 3, "EUR");
  put(scratch.path, 1, joined(lines, 0, 5));
  put(scratch.path, 2, joined(lines, 5, 9));
  const VerifyReport report = verify_audit(scratch.path);
  REQUIRE_FALSE(report.good());
  CHECK(report.proven_seq == 6);
  CHECK(report_text(report, nullptr).find("FAULT (edited) in segment 000000000002.jsonl, line 2") != std::string::npos);
  const auto json = report_json(report, nullptr);
  CHECK(json["good"] == false);
  CHECK(json["fault"]["segment"] == 2);
  CHECK(json["fault"]["line"] == 2);
}

TEST_CASE("a directory that is not there can't be verified") {
  CHECK_THROWS_AS(verify_audit("/nonexistent/audit"), std::runtime_error);
}

TEST_CASE("the newest lines agree with the stream, some or all of them") {
  const ScratchDirectory scratch;
  const auto lines = sample_lines(30);
  put(scratch.path, 1, joined(lines, 0, 10));
  put(scratch.path, 2, joined(lines, 10, 20) + lines[20].substr(0, 99));
  put(scratch.path, 3, "");
  put(scratch.path, 4, joined(lines, 20, 30));
  const RunningBroker broker(scratch.path, 30);
  for (const std::uint64_t newest : {1u, 5u, 10u, 11u, 25u, 30u, 1'000u, 0u}) {
    const StreamReport stream = compared(scratch.path, newest);
    CHECK(stream.outcome == Outcome::agrees);
    CHECK(stream.first_seq == (newest == 0 || newest > 30 ? 1 : 31 - newest));
    CHECK(stream.agreed_seq == 30);
    CHECK(stream.behind_events == 0);
    CHECK(stream.good());
  }
}

TEST_CASE("an edited newest line is found by the stream") {
  const ScratchDirectory scratch;
  auto lines = sample_lines(9);
  lines[8].replace(lines[8].find("1234"), 4, "1235");
  put(scratch.path, 1, joined(lines, 0, 9));
  const RunningBroker broker(scratch.path, 12);
  const StreamReport stream = compared(scratch.path, 1'000);
  CHECK(stream.outcome == Outcome::differs);
  CHECK(stream.wrong_seq == 9);
  CHECK(stream.agreed_seq == 8);
  CHECK_FALSE(stream.good());
  CHECK(report_json(verify_audit(scratch.path), &stream)["good"] == false);
}

TEST_CASE("newest lines that were cut are found by the stream") {
  const ScratchDirectory scratch;
  put(scratch.path, 1, joined(sample_lines(9), 0, 6));
  const RunningBroker broker(scratch.path, 9);
  const StreamReport stream = compared(scratch.path, 2);
  CHECK(stream.outcome == Outcome::agrees);
  CHECK(stream.agreed_seq == 6);
  CHECK(stream.behind_events == 3);
  CHECK(stream.behind_since == "2026-01-02T03:04:05.007006Z");
  CHECK(report_text(verify_audit(scratch.path), &stream).find("or the newest lines were cut off") != std::string::npos);
}

TEST_CASE("a log that is ahead of the stream is a fault") {
  const ScratchDirectory scratch;
  put(scratch.path, 1, joined(sample_lines(9), 0, 9));
  const RunningBroker broker(scratch.path, 7);
  for (const std::uint64_t newest : {1u, 5u}) {
    const StreamReport stream = compared(scratch.path, newest);
    CHECK(stream.outcome == Outcome::ahead);
    CHECK(stream.wrong_seq == (newest == 1 ? 9 : 8));
  }
}

TEST_CASE("an empty log is behind a stream that has events") {
  const ScratchDirectory scratch;
  const RunningBroker broker(scratch.path, 7);
  const StreamReport stream = compared(scratch.path, 0);
  CHECK(stream.outcome == Outcome::no_log);
  CHECK(stream.behind_events == 7);
}

TEST_CASE("without a broker nothing is compared") {
  const ScratchDirectory scratch;
  put(scratch.path, 1, joined(sample_lines(9), 0, 9));
  const StreamReport stream = compared(scratch.path, 0, 50ms);
  CHECK(stream.outcome == Outcome::no_answer);
  CHECK(stream.good());
  CHECK(report_text(verify_audit(scratch.path), &stream).find("not compared: no broker answered") != std::string::npos);
}

}  // namespace
}  // namespace circuit::ops
