// Writes JSON text (RFC 8259), indented by two spaces. The caller keeps the order: a key before every member of an
// object, and as many end() as begin. ASCII controls and code points that steer text direction are written as \u
// escapes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace circuit::analysis {

class JsonWriter {
 public:
  // On one line, an array or object keeps all that is inside it on its line.
  enum class Layout { lines, one_line };

  void begin_object(Layout layout = Layout::lines) { begin('{', '}', layout); }
  void begin_array(Layout layout = Layout::lines) { begin('[', ']', layout); }
  void end();

  void key(std::string_view name);
  void string(std::string_view value);
  void number(double value);
  void number(std::size_t value);
  void boolean(bool value) { raw(value ? "true" : "false"); }
  void null() { raw("null"); }
  // `json` must be a JSON value, such as the text of a number.
  void raw(std::string_view json);

  template <class Value>
  void member(std::string_view name, const Value& value) {
    key(name);
    if constexpr (std::is_same_v<Value, bool>)
      boolean(value);
    else if constexpr (std::is_same_v<Value, double> || std::is_same_v<Value, std::size_t>)
      number(value);
    else
      string(value);
  }

  // null where there is no value.
  template <class Value>
  void member(std::string_view name, const std::optional<Value>& value) {
    if (value) return member(name, *value);
    key(name);
    null();
  }

  // Ends the text with a line end.
  [[nodiscard]] std::string take();

 private:
  struct Level {
    char close;
    bool is_one_line;
    bool is_empty;
  };
  void begin(char open, char close, Layout layout);
  void before_value();
  void new_line();
  void quote(std::string_view text);
  std::size_t escape(std::string_view text, std::size_t at);

  std::string text_;
  std::vector<Level> levels_;
  bool is_after_key_ = false;
};

}  // namespace circuit::analysis
