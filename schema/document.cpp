#include "schema/document.hpp"

#include <array>
#include <cstring>
#include <limits>
#include <msgpack.hpp>

namespace circuit::schema {

// Follows the parser and appends a node for each value. Answering false stops the parser; why() then says the reason.
struct DocumentVisitor : msgpack::null_visitor {
  DocumentVisitor(Document& document, const DocumentLimits& limits) : nodes(document.nodes_), limits(limits) {
    nodes.clear();
  }

  bool visit_nil() { return add(Document::Kind::nil) != nullptr; }
  bool visit_boolean(bool value) {
    Document::Node* node = add(Document::Kind::boolean);
    return node && (node->boolean = value, true);
  }
  bool visit_positive_integer(std::uint64_t value) {
    Document::Node* node = add(Document::Kind::unsigned_integer);
    return node && (node->unsigned_integer = value, true);
  }
  bool visit_negative_integer(std::int64_t value) {
    // A positive number in a signed encoding arrives here too.
    if (value >= 0) return visit_positive_integer(static_cast<std::uint64_t>(value));
    Document::Node* node = add(Document::Kind::negative_integer);
    return node && (node->negative_integer = value, true);
  }
  bool visit_float32(float value) { return visit_float64(static_cast<double>(value)); }
  bool visit_float64(double value) {
    Document::Node* node = add(Document::Kind::real);
    return node && (node->real = value, true);
  }
  bool visit_str(const char* text, std::uint32_t size) { return add_text(Document::Kind::string, text, size); }
  bool visit_bin(const char* text, std::uint32_t size) { return add_text(Document::Kind::binary, text, size); }
  bool visit_ext(const char*, std::uint32_t) { return stop("extension types are not accepted"); }

  bool start_array(std::uint32_t count) { return open(Document::Kind::array, count); }
  bool end_array() { return close(); }
  bool start_map(std::uint32_t pairs) {
    if (pairs > limits.map_pairs_max) return stop("a map has too many keys");
    return open(Document::Kind::map, pairs);
  }
  bool start_map_key() {
    in_key = true;
    return true;
  }
  bool end_map_key() {
    in_key = false;
    return nodes.back().kind == Document::Kind::string || stop(key_is_no_string);
  }
  bool end_map() {
    if (has_duplicate_keys()) return stop("a map has the same key twice");
    return close();
  }
  void parse_error(std::size_t, std::size_t) { reason = "the bytes are not MessagePack"; }
  void insufficient_bytes(std::size_t, std::size_t) { reason = "the message ends in the middle of a value"; }

  bool stop(std::string_view why) {
    reason = why;
    return false;
  }
  Document::Node* add(Document::Kind kind) {
    if (nodes.size() >= limits.nodes_max) {
      reason = "the message has too many values";
      return nullptr;
    }
    nodes.push_back(Document::Node{kind, static_cast<std::uint32_t>(nodes.size() + 1), {0}, 0});
    return &nodes.back();
  }
  bool add_text(Document::Kind kind, const char* text, std::uint32_t size) {
    Document::Node* node = add(kind);
    if (!node) return false;
    node->text = text;
    node->text_size = size;
    return true;
  }
  bool open(Document::Kind kind, std::uint32_t count) {
    if (in_key) return stop(key_is_no_string);
    if (open_count == limits.depth_max || open_count == open_nodes.size())
      return stop("the message is nested too deeply");
    if (count > limits.nodes_max) return stop("the message has too many values");
    open_nodes[open_count++] = static_cast<std::uint32_t>(nodes.size());
    Document::Node* node = add(kind);
    if (!node) return false;
    node->count = count;
    return true;
  }
  bool close() {
    nodes[open_nodes[--open_count]].end = static_cast<std::uint32_t>(nodes.size());
    return true;
  }
  std::string_view key_at(std::uint32_t index) const { return {nodes[index].text, nodes[index].text_size}; }
  bool has_duplicate_keys() const {
    const auto end = static_cast<std::uint32_t>(nodes.size());
    for (std::uint32_t a = open_nodes[open_count - 1] + 1; a < end; a = nodes[a + 1].end)
      for (std::uint32_t b = nodes[a + 1].end; b < end; b = nodes[b + 1].end)
        if (key_at(a) == key_at(b)) return true;
    return false;
  }

  static constexpr std::string_view key_is_no_string = "a map has a key that is no string";

  std::vector<Document::Node>& nodes;
  const DocumentLimits& limits;
  bool in_key = false;
  std::array<std::uint32_t, 32> open_nodes{};
  std::uint32_t open_count = 0;
  std::string_view reason = "the bytes are not MessagePack";
};

std::optional<std::string_view> Document::parse(std::string_view bytes, const DocumentLimits& limits) {
  if (bytes.empty()) return "the message is empty";
  DocumentVisitor visitor(*this, limits);
  std::size_t offset = 0;
  try {
    if (!msgpack::parse(bytes.data(), bytes.size(), offset, visitor)) return visitor.reason;
  } catch (const msgpack::unpack_error&) {
    return visitor.reason;
  }
  if (offset != bytes.size()) return "the message has bytes behind its end";
  return std::nullopt;
}

std::optional<std::int64_t> Document::Value::integer() const {
  if (node().kind == Kind::negative_integer) return node().negative_integer;
  constexpr auto highest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (node().kind == Kind::unsigned_integer && node().unsigned_integer <= highest)
    return static_cast<std::int64_t>(node().unsigned_integer);
  return std::nullopt;
}
std::optional<std::uint64_t> Document::Value::natural() const {
  if (node().kind != Kind::unsigned_integer) return std::nullopt;
  return node().unsigned_integer;
}
std::optional<bool> Document::Value::boolean() const {
  if (node().kind != Kind::boolean) return std::nullopt;
  return node().boolean;
}
std::optional<double> Document::Value::real() const {
  if (node().kind != Kind::real) return std::nullopt;
  return node().real;
}
std::optional<std::string_view> Document::Value::string() const {
  if (node().kind != Kind::string) return std::nullopt;
  return std::string_view(node().text, node().text_size);
}
std::optional<std::string_view> Document::Value::bytes() const {
  if (node().kind != Kind::string && node().kind != Kind::binary) return std::nullopt;
  return std::string_view(node().text, node().text_size);
}
std::uint32_t Document::Value::size() const {
  return node().kind == Kind::array || node().kind == Kind::map ? node().count : 0;
}
Document::Value Document::Value::find(std::string_view key) const {
  if (!is_map()) return {};
  Value at = first_child();
  for (std::uint32_t i = 0; i < size(); ++i) {
    const Value value = at.next();
    if (std::string_view(at.node().text, at.node().text_size) == key) return value;
    at = value.next();
  }
  return {};
}

namespace {
constexpr std::uint64_t high_bits = 0x8080808080808080ull;

// Length of the ASCII run at the start, eight bytes at a time.
std::size_t ascii_run(std::string_view text) {
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    if (word & high_bits) break;
  }
  while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
  return i;
}

// Reads one code point of two to four bytes and moves `i` behind it; nullopt when malformed (RFC 3629 §4).
std::optional<char32_t> next_code_point(std::string_view text, std::size_t& i) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = byte(i);
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || i + size > text.size()) return std::nullopt;
  char32_t code = lead & (0xffu >> (size + 1));
  for (std::size_t k = 1; k < size; ++k) {
    if ((byte(i + k) & 0xc0) != 0x80) return std::nullopt;
    code = (code << 6) | (byte(i + k) & 0x3f);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return std::nullopt;
  i += size;
  return code;
}
}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = ascii_run(text); i < text.size(); i += ascii_run(text.substr(i)))
    if (!next_code_point(text, i)) return false;
  return true;
}

bool is_printable_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      if (byte < 0x20 || byte == 0x7f) return false;
      ++i;
      continue;
    }
    const std::optional<char32_t> code = next_code_point(text, i);
    if (!code || (*code >= 0x80 && *code < 0xa0)) return false;
  }
  return true;
}

}  // namespace circuit::schema
