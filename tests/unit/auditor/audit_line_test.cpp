#include "schema/audit_line.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "schema/order_id.hpp"
#include "tests/unit/auditor/sample_events.hpp"

namespace circuit::schema {
namespace {

using nlohmann::ordered_json;

std::string line_of(const Event& event, Hash32 prev = {}) {
  std::string line;
  append_audit_line(line, event, prev);
  REQUIRE(line.ends_with('\n'));
  line.pop_back();
  return line;
}

std::vector<std::string> keys_of(const ordered_json& json) {
  std::vector<std::string> keys;
  for (const auto& item : json.items()) keys.push_back(item.key());
  return keys;
}

TEST_CASE("an audit line has exactly these bytes") {
  CHECK(line_of(test::sample_event(1)) ==
        R"({"seq":1,"ts":"2026-01-02T03:04:05.001006Z","event_type":"order_created",)"
        R"("order_id":"ord_00000000000000000000000000","status":"pending_payment","version":1,)"
        R"("data":{"customer_id":"customer_001","product_id":"LICENSE_KEY_V1","amount":2000,"currency":"USD"},)"
        R"("prev":"0000000000000000000000000000000000000000000000000000000000000000"})");
}

TEST_CASE("each line holds the hash of the line before it, without its newline") {
  std::string text;
  Hash32 prev{};
  append_audit_line(text, test::sample_event(1), prev);
  const std::string first = text.substr(0, text.size() - 1);
  CHECK(prev == sha256(first));
  append_audit_line(text, test::sample_event(2), prev);
  const auto second = ordered_json::parse(text.substr(first.size() + 1));
  CHECK(second["prev"] == hex_encode(bytes_of(sha256(first))));
}

TEST_CASE("a line of every type of event is JSON with the keys in their order") {
  Event event = test::sample_event(3);
  event.data.deliverable = deliverable_files;
  event.data.directory = "1-2";
  event.data.files = {{"report.json", 17, "ab"}, {"a \"b\".csv", 18'446'744'073'709'551'615u, "cd"}};
  for (std::size_t type = 1; type < event_type_names.size(); ++type) {
    event.type = static_cast<EventType>(type);
    const auto json = ordered_json::parse(line_of(event));
    CHECK(keys_of(json) ==
          std::vector<std::string>{"seq", "ts", "event_type", "order_id", "status", "version", "data", "prev"});
    CHECK(json["event_type"] == event_type_names[type]);
    CHECK(json["order_id"] == order_id_text(event.order));
    std::vector<std::string> fields;
    for_each_field(event.type, event.data, [&](std::string_view name, const auto&) { fields.emplace_back(name); });
    CHECK(keys_of(json["data"]) == fields);
  }
  event.type = EventType::order_fulfilled;
  const auto files = ordered_json::parse(line_of(event))["data"]["files"];
  REQUIRE(files.size() == 2);
  CHECK(keys_of(files[0]) == std::vector<std::string>{"name", "size", "sha256"});
  CHECK(files[1]["name"] == "a \"b\".csv");
  CHECK(files[1]["size"] == 18'446'744'073'709'551'615u);
  event.data.files.clear();
  CHECK(ordered_json::parse(line_of(event))["data"]["files"].empty());
}

TEST_CASE("every character of a text survives in the line") {
  std::string text;
  for (int c = 0; c < 0x80; ++c) text += static_cast<char>(c);
  text += "ä€😀\u2028\u2029";
  Event event = test::sample_event(1);
  event.data.customer_id = text;
  const std::string line = line_of(event);
  CHECK(ordered_json::parse(line)["data"]["customer_id"] == text);
  CHECK(line.find("\\u001f") != std::string::npos);
  CHECK(line.find("\u2028\u2029") != std::string::npos);
  CHECK(parse_audit_line(line));
}

TEST_CASE("the largest and smallest numbers stand in a line as integers") {
  Event event = test::sample_event(1);
  event.seq = 18'446'744'073'709'551'615u;
  event.version = 4'294'967'295u;
  event.data.amount = std::numeric_limits<std::int64_t>::min();
  const auto json = ordered_json::parse(line_of(event));
  CHECK(json["seq"] == event.seq);
  CHECK(json["version"] == event.version);
  CHECK(json["data"]["amount"] == event.data.amount);
}

TEST_CASE("a text that is not UTF-8 does not make the log something else") {
  Event event = test::sample_event(1);
  event.data.customer_id = "a\xff\"z";
  CHECK(ordered_json::parse(line_of(event))["data"]["customer_id"] == "a\ufffd\"z");
}

TEST_CASE("a line that would be too long is refused and leaves nothing behind") {
  Event event = test::sample_event(1);
  const std::string long_text(audit_line_bytes_max, 'x');
  event.data.customer_id = long_text;
  std::string out = "before";
  Hash32 prev{};
  CHECK_THROWS_AS(append_audit_line(out, event, prev), std::length_error);
  CHECK(out == "before");
  CHECK(prev == Hash32{});
}

TEST_CASE("the frame of a line is read back") {
  Hash32 prev{};
  prev[31] = 0xab;
  const std::string line = line_of(test::sample_event(42), prev);
  const auto frame = parse_audit_line(line);
  REQUIRE(frame);
  CHECK(frame->seq == 42);
  CHECK(frame->prev == hex_encode(bytes_of(prev)));
}

TEST_CASE("a line that was cut anywhere has no frame") {
  const std::string line = line_of(test::sample_event(42));
  for (std::size_t size = 0; size < line.size(); ++size) CHECK_FALSE(parse_audit_line(line.substr(0, size)));
  for (std::size_t begin = 1; begin < line.size(); ++begin) CHECK_FALSE(parse_audit_line(line.substr(begin)));
}

TEST_CASE("a frame that the auditor would not write is refused") {
  const std::string good = line_of(test::sample_event(42));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string line = good;
    return line.replace(line.find(from), from.size(), to);
  };
  REQUIRE(parse_audit_line(good));
  CHECK_FALSE(parse_audit_line(with(":42,", ":042,")));
  CHECK_FALSE(parse_audit_line(with(":42,", ":-42,")));
  CHECK_FALSE(parse_audit_line(with(":42,", ": 42,")));
  CHECK_FALSE(parse_audit_line(with(":42,", ":,")));
  CHECK_FALSE(parse_audit_line(with(":42,", ":18446744073709551616,")));
  CHECK_FALSE(parse_audit_line(with("2026-01", "2026-13")));
  CHECK_FALSE(parse_audit_line(with("fulfilled\"", "fulfiled\"")));
  CHECK_FALSE(parse_audit_line(with("ord_0", "ord_8")));
  CHECK_FALSE(parse_audit_line(with("\"version\":3", "\"version\":4294967296")));
  CHECK_FALSE(parse_audit_line(with("customer_001", std::string_view("a\0b", 3))));
  CHECK_FALSE(parse_audit_line(with("\"prev\":\"0", "\"prev\":\"A")));
  CHECK_FALSE(parse_audit_line(good + " "));
}

TEST_CASE("a segment's name is its number in twelve digits") {
  CHECK(audit_segment_name(1) == "000000000001.jsonl");
  CHECK(parse_audit_segment_name("000000000042.jsonl") == 42u);
  for (const char* name : {"000000000000.jsonl", "1.jsonl", "000000000001.json", "00000000001x.jsonl",
                           "+00000000001.jsonl", "0000000000001.jsonl", "lock", ""})
    CHECK_FALSE(parse_audit_segment_name(name));
}

}  // namespace
}  // namespace circuit::schema
