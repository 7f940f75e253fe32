#include "schema/audit_event.hpp"

#include <catch2/catch.hpp>

#include "schema/audit_line.hpp"
#include "tests/unit/auditor/sample_events.hpp"

namespace circuit::schema {
namespace {

std::string line_of(const Event& event) {
  std::string line;
  Hash32 prev{};
  append_audit_line(line, event, prev);
  line.pop_back();
  return line;
}

Event full_event(EventType type, std::string_view text) {
  Event event = test::sample_event(3);
  event.type = type;
  event.version = 4'294'967'295u;
  EventData& data = event.data;
  data.customer_id = data.product_id = data.provider = data.charge_id = data.refund_id = text;
  data.reason = data.message = data.made_by = data.directory = text;
  data.amount = -5;
  data.attempt = 7;
  data.deliverable = deliverable_files;
  data.files = {{"report.json", 17, "ab"}, {text, 18'446'744'073'709'551'615u, "cd"}};
  return event;
}

TEST_CASE("the event of a line gives the same line again, for every type and every character") {
  std::string text;
  for (int c = 0; c < 0x80; ++c) text += static_cast<char>(c);
  text += "ä€😀\\u0041\u2028";
  AuditEventReader reader;
  for (std::size_t type = 1; type < event_type_names.size(); ++type) {
    CAPTURE(event_type_names[type]);
    for (const std::string_view each : {std::string_view(text), std::string_view(), std::string_view("plain")}) {
      const std::string line = line_of(full_event(static_cast<EventType>(type), each));
      const auto event = reader.read(line);
      REQUIRE(event);
      CHECK(line_of(*event) == line);
      CHECK(event->data.customer_id == each);
      Event by_operator = full_event(static_cast<EventType>(type), each);
      by_operator.data.operator_name = "alice";
      const std::string longer = line_of(by_operator);
      const auto read = reader.read(longer);
      REQUIRE(read);
      CHECK(line_of(*read) == longer);
    }
  }
  Event licence = full_event(EventType::order_fulfilled, "p");
  licence.data.deliverable = deliverable_license;
  licence.data.files.clear();
  CHECK(line_of(*reader.read(line_of(licence))) == line_of(licence));
}

TEST_CASE("a line with a byte more, less, or other than it must have is no event, or another one") {
  AuditEventReader reader;
  const std::string line = line_of(full_event(EventType::order_fulfilled, "a\"b\n"));
  for (std::size_t i = 0; i < line.size(); ++i) {
    CAPTURE(i);
    CHECK_FALSE(reader.read(line.substr(0, i)));
    std::string changed = line;
    changed[i] = changed[i] == '~' ? '}' : '~';
    const auto event = reader.read(changed);
    if (event) CHECK(line_of(*event) != line);
  }
  CHECK_FALSE(reader.read(line + " "));
  CHECK_FALSE(reader.read(""));
}

}  // namespace
}  // namespace circuit::schema
