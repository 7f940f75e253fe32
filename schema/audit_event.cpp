#include "schema/audit_event.hpp"

#include <charconv>
#include <limits>
#include <type_traits>
#include <vector>

#include "schema/crypto.hpp"
#include "schema/order_id.hpp"
#include "schema/time_text.hpp"

namespace circuit::schema {
namespace {

// One character of two (or six) that append_audit_line writes for a control character, a quote or a backslash; 0 for
// any other.
std::size_t unescape(std::string_view rest, char& out) {
  static constexpr std::string_view marks = "\"\\bfnrt";
  static constexpr std::string_view meant = "\"\\\b\f\n\r\t";
  if (rest.size() < 2) return 0;
  if (const std::size_t at = marks.find(rest[1]); at != std::string_view::npos) {
    out = meant[at];
    return 2;
  }
  constexpr std::string_view start = "\\u00";
  if (rest.size() < start.size() + 2 || !rest.starts_with(start)) return 0;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(rest.data() + start.size(), rest.data() + start.size() + 2, value, 16);
  if (error != std::errc() || end != rest.data() + start.size() + 2 || value > 0x7f) return 0;
  out = static_cast<char>(value);
  return start.size() + 2;
}

struct LineReader {
  std::string_view rest;
  std::deque<std::string>& texts;
  bool good = true;
  bool first = true;

  void expect(std::string_view text) {
    good = good && rest.starts_with(text);
    if (good) rest.remove_prefix(text.size());
  }
  template <class Integer>
  Integer number() {
    Integer value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    good = good && error == std::errc();
    if (good) rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return value;
  }
  // Behind its opening quote, and over its closing one.
  std::string_view text() {
    const std::size_t special = rest.find_first_of("\"\\");
    good = good && special != std::string_view::npos;
    if (!good) return {};
    if (rest[special] == '\\') return escaped_text();
    const std::string_view taken = rest.substr(0, special);
    rest.remove_prefix(special + 1);
    return taken;
  }
  std::string_view escaped_text() {
    std::string& out = texts.emplace_back();
    while (good && !rest.empty() && rest.front() != '"') {
      std::size_t used = 1;
      char c = rest.front();
      if (c == '\\') used = unescape(rest, c);
      good = used != 0;
      out += c;
      rest.remove_prefix(used);
    }
    expect("\"");
    return out;
  }
  void key(std::string_view name) {
    if (!first) expect(",");
    first = false;
    expect("\"");
    expect(name);
    expect("\":");
  }
  void operator()(std::string_view name, std::string_view& out) {
    key(name);
    expect("\"");
    out = text();
  }
  void operator()(std::string_view name, std::int64_t& out) { key(name), out = number<std::int64_t>(); }
  void operator()(std::string_view name, std::uint32_t& out) { key(name), out = number<std::uint32_t>(); }
  void operator()(std::string_view name, std::vector<DeliveredFile>& files) {
    key(name);
    expect("[");
    while (good && !rest.starts_with(']')) {
      if (!files.empty()) expect(",");
      expect("{");
      first = true;
      DeliveredFile& file = files.emplace_back();
      (*this)("name", file.name);
      key("size");
      file.size = number<std::uint64_t>();
      (*this)("sha256", file.sha256);
      expect("}");
    }
    first = false;
    expect("]");
  }
};

}  // namespace

std::optional<Event> AuditEventReader::read(std::string_view line) {
  texts_.clear();
  LineReader reader{line, texts_};
  Event event;
  reader.expect(R"({"seq":)");
  event.seq = reader.number<std::uint64_t>();
  reader.expect(R"(,"ts":")");
  const auto ts = parse_time_text(reader.text());
  reader.expect(R"(,"event_type":")");
  const auto type = event_type_from_name(reader.text());
  reader.expect(R"(,"order_id":")");
  const auto order = parse_order_id(reader.text());
  reader.expect(R"(,"status":")");
  const auto status = status_from_name(reader.text());
  reader.expect(R"(,"version":)");
  event.version = reader.number<std::uint32_t>();
  reader.expect(R"(,"data":{)");
  if (!reader.good || !ts || !type || !order || !status) return std::nullopt;
  event.ts = *ts;
  event.type = *type;
  event.order = *order;
  event.status = *status;
  for_each_field(event.type, event.data, reader);
  // The one field that there may be or not.
  if (reader.rest.starts_with(R"(,"operator":)")) reader("operator", event.data.operator_name);
  reader.expect(R"(},"prev":")");
  const std::string_view prev = reader.text();
  reader.expect("}");
  Hash32 ignored;
  if (!reader.good || !reader.rest.empty() || !hex_decode(prev, ignored)) return std::nullopt;
  return event;
}

}  // namespace circuit::schema
