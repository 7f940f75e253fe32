#include "schema/audit_line.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <span>
#include <stdexcept>

#include "schema/document.hpp"
#include "schema/order_id.hpp"
#include "schema/time_text.hpp"

namespace circuit::schema {
namespace {

constexpr std::string_view before_seq = R"({"seq":)";
constexpr std::string_view before_ts = R"(,"ts":")";
constexpr std::string_view before_type = R"(","event_type":")";
constexpr std::string_view before_order = R"(","order_id":")";
constexpr std::string_view before_status = R"(","status":")";
constexpr std::string_view before_version = R"(","version":)";
constexpr std::string_view before_data = R"(,"data":{)";
constexpr std::string_view before_prev = R"(},"prev":")";
constexpr std::string_view line_end = R"("})";

constexpr std::size_t segment_digits = 12;
constexpr std::string_view segment_ending = ".jsonl";

constexpr std::string_view hex_digits = "0123456789abcdef";

constexpr std::array<char, 512> hex_pairs = [] {
  std::array<char, 512> pairs{};
  for (std::size_t i = 0; i < 256; ++i) {
    pairs[2 * i] = hex_digits[i >> 4];
    pairs[2 * i + 1] = hex_digits[i & 15];
  }
  return pairs;
}();

// ASCII that stands for itself in a JSON string (RFC 8259 §7).
constexpr std::array<bool, 256> is_plain = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x20; c < 0x80; ++c) table[c] = c != '"' && c != '\\';
  return table;
}();

// Of a line but its texts: names, punctuation, numbers, time, ids, hash.
constexpr std::size_t fixed_bytes_max = 640;
// What one byte of a text becomes at most: an escape of six.
constexpr std::size_t escaped_bytes_max = 6;

// Writes into memory that is large enough (bytes_max below).
class LineCursor {
 public:
  explicit LineCursor(char* at) : at_(at) {}
  [[nodiscard]] char* at() const { return at_; }

  void raw(std::string_view text) {
    if (text.empty()) return;  // its pointer may be null, which memcpy must not see
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  template <class Integer>
  void number(Integer value) {
    constexpr std::size_t digits_max = 20;
    at_ = std::to_chars(at_, at_ + digits_max, value).ptr;
  }
  // With its quotes.
  void string(std::string_view text) {
    *at_++ = '"';
    bool all_plain = true;
    for (const char c : text) all_plain = all_plain && is_plain[static_cast<unsigned char>(c)];
    all_plain ? raw(text) : escaped(text);
    *at_++ = '"';
  }

 private:
  void escaped(std::string_view text) {
    // The stream does not promise UTF-8, the log does.
    const std::string_view foreign = is_utf8(text) ? std::string_view() : std::string_view("\xef\xbf\xbd");
    for (const char character : text) {
      const auto c = static_cast<unsigned char>(character);
      if (is_plain[c] || (c >= 0x80 && foreign.empty()))
        *at_++ = character;
      else if (c >= 0x80)
        raw(foreign);
      else
        escape(c);
    }
  }
  void escape(unsigned char c) {
    switch (c) {
      case '"': return raw(R"(\")");
      case '\\': return raw(R"(\\)");
      case '\b': return raw(R"(\b)");
      case '\f': return raw(R"(\f)");
      case '\n': return raw(R"(\n)");
      case '\r': return raw(R"(\r)");
      case '\t': return raw(R"(\t)");
      default: raw(R"(\u00)"), raw({&hex_pairs[2 * std::size_t{c}], 2});
    }
  }

  char* at_;
};

// How many bytes the texts of `data` take at most.
struct FieldSizes {
  std::size_t bytes = 0;
  void operator()(std::string_view, std::string_view value) { bytes += escaped_bytes_max * value.size(); }
  void operator()(std::string_view, const std::vector<DeliveredFile>& files) {
    constexpr std::size_t names_and_numbers = 64;
    for (const DeliveredFile& file : files)
      bytes += names_and_numbers + escaped_bytes_max * (file.name.size() + file.sha256.size());
  }
  template <class Number>
  void operator()(std::string_view, Number) {}
};

// Writes the inside of `data`.
struct FieldWriter {
  LineCursor& out;
  bool first = true;

  void key(std::string_view name) {
    out.raw(first ? std::string_view("\"") : std::string_view(",\""));
    out.raw(name);
    out.raw("\":");
    first = false;
  }
  void operator()(std::string_view name, std::string_view value) { key(name), out.string(value); }
  void operator()(std::string_view name, std::int64_t value) { key(name), out.number(value); }
  void operator()(std::string_view name, std::uint32_t value) { key(name), out.number(value); }
  void operator()(std::string_view name, const std::vector<DeliveredFile>& files) {
    key(name);
    out.raw("[");
    for (const DeliveredFile& file : files) {
      out.raw(&file == files.data() ? std::string_view("{") : std::string_view(",{"));
      FieldWriter writer{out};
      writer("name", file.name);
      writer.key("size");
      out.number(file.size);
      writer("sha256", file.sha256);
      out.raw("}");
    }
    out.raw("]");
  }
};

// Reads a line from its front; once something is not as it must be, `good` stays false.
struct FrameReader {
  std::string_view rest;
  bool good = true;

  void expect(std::string_view text) {
    good = good && rest.starts_with(text);
    if (good) rest.remove_prefix(text.size());
  }
  std::string_view take(std::size_t size) {
    good = good && rest.size() >= size;
    if (!good) return {};
    const std::string_view taken = rest.substr(0, size);
    rest.remove_prefix(size);
    return taken;
  }
  std::string_view take_word() { return take(std::min(rest.find('"'), rest.size())); }
  // A number as append_number writes it: no sign, no leading zero.
  std::uint64_t take_number() {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    good = good && error == std::errc() && (rest.front() != '0' || end == rest.data() + 1);
    if (good) rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return value;
  }
};

// Eight bytes at a time: the subtraction borrows into the highest bit of a byte below 0x20.
bool has_control_character(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101u;
  std::uint64_t found = 0;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    found |= (word - ones * 0x20) & ~word & (ones * 0x80);
  }
  return found != 0 || std::any_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

bool is_lower_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

using TimeText = std::array<char, time_text_bytes>;

void write_line(LineCursor& out, const Event& event, const TimeText& time, const Hash32& prev) {
  std::array<char, order_id_bytes> order_id;
  write_order_id(event.order, order_id);
  const HashHex prev_hex = hash_hex(prev);

  out.raw(before_seq), out.number(event.seq);
  out.raw(before_ts), out.raw({time.data(), time.size()});
  out.raw(before_type), out.raw(name_of(event.type));
  out.raw(before_order), out.raw({order_id.data(), order_id.size()});
  out.raw(before_status), out.raw(name_of(event.status));
  out.raw(before_version), out.number(event.version);
  out.raw(before_data);
  for_each_field(event.type, event.data, FieldWriter{out});
  out.raw(before_prev), out.raw({prev_hex.data(), prev_hex.size()}), out.raw(line_end);
}

void append_line(std::string& out, const Event& event, const Hash32& prev) {
  TimeText time;
  write_time_text(event.ts, time);  // throws, and then nothing was appended
  FieldSizes sizes;
  for_each_field(event.type, event.data, sizes);
  const std::size_t before = out.size();
  // Growing by what is missing alone would copy the batch again for each line.
  const std::size_t bytes_max = fixed_bytes_max + sizes.bytes;
  if (out.capacity() - before < bytes_max) out.reserve(std::max(2 * out.capacity(), before + bytes_max));
  out.resize(before + bytes_max);
  LineCursor cursor(out.data() + before);
  write_line(cursor, event, time, prev);
  out.resize(static_cast<std::size_t>(cursor.at() - out.data()));
}

}  // namespace

HashHex hash_hex(const Hash32& hash) noexcept {
  HashHex hex;
  for (std::size_t i = 0; i < hash.size(); ++i) std::memcpy(&hex[2 * i], &hex_pairs[2 * std::size_t{hash[i]}], 2);
  return hex;
}

void append_audit_line(std::string& out, const Event& event, Hash32& prev) {
  const std::size_t start = out.size();
  append_line(out, event, prev);
  if (out.size() - start > audit_line_bytes_max) {
    out.resize(start);
    throw std::length_error("the audit line of seq " + std::to_string(event.seq) + " would be longer than " +
                            std::to_string(audit_line_bytes_max) + " bytes");
  }
  prev = sha256(std::string_view(out).substr(start));
  out += '\n';
}

std::optional<AuditLineFrame> parse_audit_line(std::string_view line) noexcept {
  constexpr std::size_t suffix_bytes = before_prev.size() + hash_hex_bytes + line_end.size();
  if (line.size() < suffix_bytes || line.size() > audit_line_bytes_max || has_control_character(line))
    return std::nullopt;

  FrameReader suffix{line.substr(line.size() - suffix_bytes)};
  AuditLineFrame frame;
  suffix.expect(before_prev);
  frame.prev = suffix.take(hash_hex_bytes);
  suffix.expect(line_end);

  FrameReader reader{line.substr(0, line.size() - suffix_bytes)};
  reader.expect(before_seq);
  frame.seq = reader.take_number();
  reader.expect(before_ts);
  const std::string_view time = reader.take(time_text_bytes);
  reader.expect(before_type);
  const std::string_view type = reader.take_word();
  reader.expect(before_order);
  const std::string_view order = reader.take(order_id_bytes);
  reader.expect(before_status);
  const std::string_view status = reader.take_word();
  reader.expect(before_version);
  const std::uint64_t version = reader.take_number();
  reader.expect(before_data);

  const bool good = suffix.good && reader.good && is_lower_hex(frame.prev) && parse_time_text(time) &&
                    event_type_from_name(type) && parse_order_id(order) && status_from_name(status) &&
                    version <= std::numeric_limits<std::uint32_t>::max();
  if (!good) return std::nullopt;
  return frame;
}

std::string audit_segment_name(std::uint64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < segment_digits) digits.insert(0, segment_digits - digits.size(), '0');
  return digits.append(segment_ending);
}

std::optional<std::uint64_t> parse_audit_segment_name(std::string_view name) noexcept {
  if (name.size() != segment_digits + segment_ending.size() || !name.ends_with(segment_ending)) return std::nullopt;
  std::uint64_t number = 0;
  const char* const digits_end = name.data() + segment_digits;
  const auto [end, error] = std::from_chars(name.data(), digits_end, number);
  if (error != std::errc() || end != digits_end || number == 0) return std::nullopt;
  return number;
}

}  // namespace circuit::schema
