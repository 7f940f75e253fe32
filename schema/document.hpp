// A MessagePack document read within limits: one pass, no tree, no copies. Strings are views into the bytes it was
// parsed from, so a Document must not outlive them. Foreign bytes meet this class first; what it accepts has bounded
// depth, bounded size, string keys without duplicates, no extension types and nothing behind its end. Format: the
// MessagePack specification, msgpack.org.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace circuit::schema {

struct DocumentLimits {
  std::uint32_t depth_max = 16;
  std::uint32_t nodes_max = 4096;
  std::uint32_t map_pairs_max = 64;
};

class Document {
 public:
  enum class Kind : std::uint8_t { nil, boolean, unsigned_integer, negative_integer, real, string, binary, array, map };

  struct Node {
    Kind kind;
    std::uint32_t end;  // index of the node behind this one and all that it holds
    union {
      std::uint64_t unsigned_integer;
      std::int64_t negative_integer;
      double real;
      bool boolean;
      std::uint32_t count;  // array elements or map pairs
      const char* text;
    };
    std::uint32_t text_size = 0;
  };

  // A place in a document. Reading a value of another kind than asked gives nullopt.
  class Value {
   public:
    Value() = default;
    Value(const Document* document, std::uint32_t index) : document_(document), index_(index) {}

    explicit operator bool() const { return document_ != nullptr; }
    [[nodiscard]] Kind kind() const { return node().kind; }
    [[nodiscard]] bool is_map() const { return kind() == Kind::map; }
    [[nodiscard]] bool is_array() const { return kind() == Kind::array; }
    [[nodiscard]] bool is_nil() const { return kind() == Kind::nil; }
    [[nodiscard]] std::optional<std::int64_t> integer() const;   // what fits in 64 bits with a sign
    [[nodiscard]] std::optional<std::uint64_t> natural() const;  // zero or positive
    [[nodiscard]] std::optional<bool> boolean() const;
    [[nodiscard]] std::optional<double> real() const;
    [[nodiscard]] std::optional<std::string_view> string() const;  // bytes as sent: UTF-8 is not checked here
    [[nodiscard]] std::optional<std::string_view> bytes() const;   // binary or string
    [[nodiscard]] std::uint32_t size() const;                      // elements of an array, pairs of a map; otherwise 0
    [[nodiscard]] std::uint32_t node_count() const { return node().end - index_; }

    // Walks an array's elements, or a map's keys and values in turn: first_child(), then next() size (or 2 × size)
    // times.
    [[nodiscard]] Value first_child() const { return {document_, index_ + 1}; }
    [[nodiscard]] Value next() const { return {document_, node().end}; }
    // The value of a map's key; an empty Value when it has none, or this is no map.
    [[nodiscard]] Value find(std::string_view key) const;

   private:
    [[nodiscard]] const Node& node() const { return document_->nodes_[index_]; }
    const Document* document_ = nullptr;
    std::uint32_t index_ = 0;
  };

  // Nothing when the bytes are one whole document within the limits; otherwise a sentence that says what is wrong.
  // Reuses its memory from call to call.
  [[nodiscard]] std::optional<std::string_view> parse(std::string_view bytes, const DocumentLimits& limits = {});
  [[nodiscard]] Value root() const { return {this, 0}; }
  // How many nodes its memory has room for.
  [[nodiscard]] std::size_t nodes_held() const { return nodes_.capacity(); }

 private:
  friend class DocumentParser;
  std::vector<Node> nodes_;
};

// Whether the text is UTF-8 without overlong forms and surrogates (RFC 3629).
[[nodiscard]] bool is_utf8(std::string_view text);
// UTF-8 without control characters (C0, DEL, C1).
[[nodiscard]] bool is_printable_utf8(std::string_view text);

}  // namespace circuit::schema
