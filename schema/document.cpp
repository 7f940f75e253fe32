#include "schema/document.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

namespace circuit::schema {

// One pass over the bytes with a stack of its own for what is open. Each step either appends a node or says why not.
class DocumentParser {
 public:
  DocumentParser(std::vector<Document::Node>& nodes, std::string_view bytes, const DocumentLimits& limits)
      : nodes_(nodes), at_(bytes.data()), end_(bytes.data() + bytes.size()), limits_(limits) {}

  // The reason why the bytes are no document, or nothing.
  std::optional<std::string_view> parse() {
    do {
      if (!read_value()) return reason_;
    } while (close_what_is_whole() && depth_ > 0);
    if (!reason_.empty()) return reason_;
    if (at_ != end_) return "the message has bytes behind its end";
    return std::nullopt;
  }

 private:
  using Kind = Document::Kind;
  using Node = Document::Node;
  struct Open {
    std::uint32_t node;
    std::uint32_t left;  // values that are still to come; of a map, keys and values
    bool is_map;
  };

  static constexpr std::string_view not_messagepack = "the bytes are not MessagePack";
  static constexpr std::string_view cut_short = "the message ends in the middle of a value";
  static constexpr std::string_view key_is_no_string = "a map has a key that is no string";
  static constexpr std::string_view no_extensions = "extension types are not accepted";

  bool stop(std::string_view why) {
    reason_ = why;
    return false;
  }

  // Of a map, keys and values come in turn: what is left says which is next.
  [[nodiscard]] bool expects_key() const {
    return depth_ > 0 && open_[depth_ - 1].is_map && open_[depth_ - 1].left % 2 == 0;
  }

  // By the first byte: what is most frequent, then the specification's table of formats.
  bool read_value() {
    if (at_ == end_) return stop(cut_short);
    const auto mark = static_cast<unsigned char>(*at_++);
    if (mark >= 0xa0 && mark <= 0xbf) return add_text(Kind::string, mark & 0x1f);
    if (expects_key() && (mark < 0xd9 || mark > 0xdb)) return stop(key_fault(mark));
    if (mark < 0x80) return add_natural(mark);
    return read_marked(mark);
  }
  bool read_marked(unsigned char mark) {
    std::uint64_t number = 0;
    switch (mark) {
      case 0xc0: return add(Kind::nil) != nullptr;
      case 0xc1: return stop(not_messagepack);
      case 0xc2:
      case 0xc3: return add_boolean(mark == 0xc3);
      case 0xc4: return take<std::uint8_t>(number) && add_text(Kind::binary, number);
      case 0xc5: return take<std::uint16_t>(number) && add_text(Kind::binary, number);
      case 0xc6: return take<std::uint32_t>(number) && add_text(Kind::binary, number);
      case 0xca:
        return take<std::uint32_t>(number) && add_real(std::bit_cast<float>(static_cast<std::uint32_t>(number)));
      case 0xcb: return take<std::uint64_t>(number) && add_real(std::bit_cast<double>(number));
      case 0xcc: return take<std::uint8_t>(number) && add_natural(number);
      case 0xcd: return take<std::uint16_t>(number) && add_natural(number);
      case 0xce: return take<std::uint32_t>(number) && add_natural(number);
      case 0xcf: return take<std::uint64_t>(number) && add_natural(number);
      case 0xd0: return take<std::uint8_t>(number) && add_integer(static_cast<std::int8_t>(number));
      case 0xd1: return take<std::uint16_t>(number) && add_integer(static_cast<std::int16_t>(number));
      case 0xd2: return take<std::uint32_t>(number) && add_integer(static_cast<std::int32_t>(number));
      case 0xd3: return take<std::uint64_t>(number) && add_integer(static_cast<std::int64_t>(number));
      case 0xd9: return take<std::uint8_t>(number) && add_text(Kind::string, number);
      case 0xda: return take<std::uint16_t>(number) && add_text(Kind::string, number);
      case 0xdb: return take<std::uint32_t>(number) && add_text(Kind::string, number);
      case 0xdc: return take<std::uint16_t>(number) && open(Kind::array, number);
      case 0xdd: return take<std::uint32_t>(number) && open(Kind::array, number);
      case 0xde: return take<std::uint16_t>(number) && open(Kind::map, number);
      case 0xdf: return take<std::uint32_t>(number) && open(Kind::map, number);
      default: break;
    }
    if (mark >= 0xe0) return add_integer(static_cast<std::int8_t>(mark));
    if (mark < 0xa0) return open(mark < 0x90 ? Kind::map : Kind::array, mark & 0x0f);
    return stop(no_extensions);
  }
  static std::string_view key_fault(unsigned char mark) {
    if (mark == 0xc1) return not_messagepack;
    const bool is_extension = (mark >= 0xc7 && mark <= 0xc9) || (mark >= 0xd4 && mark <= 0xd8);
    return is_extension ? no_extensions : key_is_no_string;
  }

  // A number of T's size, in network order.
  template <class T>
  bool take(std::uint64_t& out) {
    static_assert(std::endian::native == std::endian::little);
    if (static_cast<std::size_t>(end_ - at_) < sizeof(T)) return stop(cut_short);
    T value;
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    if constexpr (sizeof(T) == 2) value = __builtin_bswap16(value);
    if constexpr (sizeof(T) == 4) value = __builtin_bswap32(value);
    if constexpr (sizeof(T) == 8) value = __builtin_bswap64(value);
    out = value;
    return true;
  }

  Node* add(Kind kind) {
    if ((count_ >= limits_.nodes_max || count_ == nodes_.size()) && !grow()) return nullptr;
    Node* node = &nodes_[count_++];
    node->kind = kind;
    node->end = count_;
    return node;
  }
  bool grow() {
    if (count_ >= limits_.nodes_max) return stop("the message has too many values");
    constexpr std::size_t at_first = 64;
    nodes_.resize(std::min<std::size_t>(limits_.nodes_max, std::max(at_first, 2 * nodes_.size())));
    return true;
  }
  bool add_text(Kind kind, std::uint64_t size) {
    if (static_cast<std::size_t>(end_ - at_) < size) return stop(cut_short);
    Node* node = add(kind);
    if (!node) return false;
    node->text = at_;
    node->text_size = static_cast<std::uint32_t>(size);
    at_ += size;
    return true;
  }
  bool add_natural(std::uint64_t value) {
    Node* node = add(Kind::unsigned_integer);
    return node && (node->unsigned_integer = value, true);
  }
  // A positive number may be in a signed encoding.
  bool add_integer(std::int64_t value) {
    if (value >= 0) return add_natural(static_cast<std::uint64_t>(value));
    Node* node = add(Kind::negative_integer);
    return node && (node->negative_integer = value, true);
  }
  bool add_real(double value) {
    Node* node = add(Kind::real);
    return node && (node->real = value, true);
  }
  bool add_boolean(bool value) {
    Node* node = add(Kind::boolean);
    return node && (node->boolean = value, true);
  }

  bool open(Kind kind, std::uint64_t count) {
    if (kind == Kind::map && count > limits_.map_pairs_max) return stop("a map has too many keys");
    if (depth_ == limits_.depth_max || depth_ == open_.size()) return stop("the message is nested too deeply");
    if (count > limits_.nodes_max) return stop("the message has too many values");
    Node* node = add(kind);
    if (!node) return false;
    const auto size = static_cast<std::uint32_t>(count);
    node->count = size;
    // One more, which the value itself takes off below.
    open_[depth_++] = {count_ - 1, (kind == Kind::map ? 2 * size : size) + 1, kind == Kind::map};
    return true;
  }

  // After a value: what it was the last value of is whole. False when that has a fault.
  bool close_what_is_whole() {
    while (depth_ > 0 && --open_[depth_ - 1].left == 0) {
      const Open& whole = open_[depth_ - 1];
      if (whole.is_map && has_duplicate_keys(whole.node)) return stop("a map has the same key twice");
      nodes_[whole.node].end = count_;
      --depth_;
    }
    return true;
  }
  [[nodiscard]] bool has_duplicate_keys(std::uint32_t map) const {
    const Node* nodes = nodes_.data();
    for (std::uint32_t a = map + 1; a < count_; a = nodes[a + 1].end)
      for (std::uint32_t b = nodes[a + 1].end; b < count_; b = nodes[b + 1].end)
        if (nodes[a].text_size == nodes[b].text_size &&
            std::memcmp(nodes[a].text, nodes[b].text, nodes[a].text_size) == 0)
          return true;
    return false;
  }

  std::vector<Node>& nodes_;  // the first count_ of them are this document's
  std::uint32_t count_ = 0;
  const char* at_;
  const char* end_;
  const DocumentLimits& limits_;
  std::array<Open, 32> open_;
  std::uint32_t depth_ = 0;
  std::string_view reason_;
};

std::optional<std::string_view> Document::parse(std::string_view bytes, const DocumentLimits& limits) {
  if (bytes.empty()) return "the message is empty";
  return DocumentParser(nodes_, bytes, limits).parse();
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
  const Node* nodes = document_->nodes_.data();
  std::uint32_t at = index_ + 1;
  for (std::uint32_t left = nodes[index_].count; left > 0; --left, at = nodes[at + 1].end)
    if (nodes[at].text_size == key.size() && std::memcmp(nodes[at].text, key.data(), key.size()) == 0)
      return {document_, at + 1};
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

// How many bytes at the start are printable ASCII, in whole words of eight.
std::size_t printable_ascii_run(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101ull;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    // Of each byte the highest bit is set where it is above 0x7e or below 0x20 (no carry reaches the next byte, unless
    // one that is set already).
    if (((word + ones) | (word - 0x20 * ones) | word) & high_bits) break;
  }
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
  for (std::size_t i = printable_ascii_run(text); i < text.size();) {
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
