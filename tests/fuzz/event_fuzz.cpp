// Any bytes as an event of the stream. What is read is written again with the same bytes, and becomes one whole line of
// the audit log, whatever its texts are.
#include <stdexcept>
#include <string>

#include "schema/audit_line.hpp"
#include "schema/event.hpp"
#include "tests/fuzz/require.hpp"

using namespace circuit;
using fuzz::require;

namespace {

void check_audit_line(const schema::Event& event) {
  schema::Hash32 prev{};
  const schema::HashHex before = schema::hash_hex(prev);
  std::string line;
  try {
    schema::append_audit_line(line, event, prev);
  } catch (const std::length_error&) {
    require(line.empty(), "a line that is too long leaves nothing");
    return;
  } catch (const std::out_of_range&) {
    require(line.empty(), "a time without a text leaves nothing");
    return;
  }
  require(line.find('\n') == line.size() - 1, "an event is one line");
  line.pop_back();
  require(schema::is_utf8(line), "a line is UTF-8");
  const auto frame = schema::parse_audit_line(line);
  require(frame && frame->seq == event.seq, "a line has its event's number");
  require(frame->prev == std::string_view(before.data(), before.size()), "a line holds the hash before it");
}

// What decides which fields there are is read where its type of event has it.
void check_texts(const schema::Document::Value& data, const schema::Event& event) {
  const auto is_read = [&](std::string_view name, std::string_view text) {
    const schema::Document::Value value = data.find(name);
    return !value || value.string() == text;
  };
  const schema::EventData& read = event.data;
  require(is_read("operator", read.operator_name), "an operator's name that is there is read");
  if (event.type != schema::EventType::order_fulfilled) return;
  require(is_read("deliverable", read.deliverable), "a deliverable that is there is read");
  if (read.deliverable == schema::deliverable_files)
    require(is_read("directory", read.directory), "a directory that is there is read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  schema::Document document;
  if (document.parse(fuzz::view_of(data, size), schema::internal_limits)) return 0;
  const auto event = schema::decode_event(document.root());
  if (!event) return 0;
  const schema::Document::Value version = document.root().find("version");
  require(!version || version.natural() == event->version, "a number is read whole or not at all");
  std::string once;
  schema::encode_event(once, *event);
  require(schema::event_seq(once) == event->seq, "an event's number is where it is looked for");
  schema::Document again;
  require(!again.parse(once, schema::internal_limits), "a written event parses");
  const auto same = schema::decode_event(again.root());
  require(same.has_value(), "a written event is read");
  require(same->seq == event->seq && same->ts == event->ts && same->type == event->type &&
              same->order == event->order && same->version == event->version && same->status == event->status,
          "a written event says the same");
  check_texts(document.root().find("data"), *event);
  std::string twice;
  schema::encode_event(twice, *same);
  require(once == twice, "an event that is read and written is the same");
  check_audit_line(*event);
  return 0;
}
