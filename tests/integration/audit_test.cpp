// The audit log after crashes and edits, by our own reading and by `circuit verify`.
#include <catch2/catch.hpp>

#include "tests/integration/load.hpp"

using namespace circuit::integration;

namespace {

struct Verified {
  int code = 0;
  std::string text;
};

Verified verify(Circuit& circuit, const std::vector<std::string>& more = {}) {
  const std::filesystem::path output = circuit.directory() / "verify.txt";
  std::filesystem::remove(output);
  std::vector<std::string> arguments = {"verify", "--data", circuit.data().string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  Process process(program("circuit"), arguments, output);
  const int code = process.wait();
  return {code, read_file(output)};
}

std::filesystem::path segment(Circuit& circuit, int number) {
  return circuit.data() / "audit" / ("00000000000" + std::to_string(number) + ".jsonl");
}

void sell(Circuit& circuit, int from, int count) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back(circuit.create(license_order(std::to_string(from + i))));
  for (const std::string& id : ids) circuit.wait_for(id, "fulfilled");
}

}  // namespace

TEST_CASE("a torn tail stays where it is, and the log goes on in a new segment that verifies") {
  Circuit circuit;
  circuit.start();
  sell(circuit, 0, 5);
  circuit.whole_audit();
  circuit.stop("auditor");
  const std::string torn = R"({"seq":16,"ts":"2026-01-02T03:04:05.0)";
  append_file(segment(circuit, 1), torn);
  const std::string before = read_file(segment(circuit, 1));
  circuit.start({"auditor"});
  sell(circuit, 5, 5);
  const Audit audit = circuit.whole_audit();
  CHECK(audit.lines.size() == 30);
  CHECK(audit.segments == 2);
  CHECK(audit.dead_bytes == torn.size());
  CHECK(read_file(segment(circuit, 1)) == before);
  const Verified verified = verify(circuit, {"--full"});
  CAPTURE(verified.text);
  CHECK(verified.code == 0);
  CHECK(verified.text.find("dead:   " + std::to_string(torn.size()) + " ") != std::string::npos);
}

TEST_CASE("a line that was written but not told of is not written again") {
  Circuit circuit;
  circuit.start();
  sell(circuit, 0, 5);
  const Audit before = circuit.whole_audit();
  circuit.kill("auditor");
  circuit.start({"auditor"});
  sell(circuit, 5, 1);
  const Audit after = circuit.whole_audit();
  CHECK(after.lines.size() == 18);
  CHECK(std::equal(before.texts.begin(), before.texts.end(), after.texts.begin()));
}

TEST_CASE("an edited byte is found, and named") {
  Circuit circuit;
  circuit.start();
  sell(circuit, 0, 5);
  circuit.whole_audit();
  const Verified clean = verify(circuit, {"--full"});
  CHECK(clean.code == 0);
  CHECK(clean.text.find("dead:") == std::string::npos);
  CHECK(clean.text.find("FAULT") == std::string::npos);
  circuit.stop("auditor");
  std::string bytes = read_file(segment(circuit, 1));
  const std::size_t amount = bytes.find("\"amount\":2000");
  REQUIRE(amount != std::string::npos);
  bytes[amount + 9] = '1';
  write_file(segment(circuit, 1), bytes);
  const Verified verified = verify(circuit);
  CAPTURE(verified.text);
  CHECK(verified.code == 1);
  CHECK(verified.text.find("(edited) in segment 000000000001.jsonl, line ") != std::string::npos);
}

TEST_CASE("an edit of the newest line, which no hash follows, is found by comparing with the broker") {
  Circuit circuit;
  circuit.start();
  sell(circuit, 0, 2);
  circuit.whole_audit();
  circuit.stop("auditor");
  std::string bytes = read_file(segment(circuit, 1));
  const std::size_t customer = bytes.rfind("customer_001");
  bytes[customer] = 'k';
  write_file(segment(circuit, 1), bytes);
  CHECK(verify(circuit).code == 1);
  circuit.stop("broker");
  CHECK(verify(circuit).code == 0);  // without the stream nothing can show it
}

TEST_CASE("a cut log is found by comparing with the broker, and the auditor writes the rest again") {
  Circuit circuit;
  circuit.start();
  sell(circuit, 0, 3);
  const Audit whole = circuit.whole_audit();
  circuit.stop("auditor");
  std::string bytes = read_file(segment(circuit, 1));
  bytes.resize(bytes.rfind('\n', bytes.size() - 2) + 1);
  write_file(segment(circuit, 1), bytes);
  circuit.start({"auditor"});
  CHECK(circuit.whole_audit().texts == whole.texts);
}
