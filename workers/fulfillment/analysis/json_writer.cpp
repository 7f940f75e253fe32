#include "workers/fulfillment/analysis/json_writer.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "workers/fulfillment/analysis/number_text.hpp"
#include "workers/fulfillment/analysis/utf8.hpp"

namespace circuit::analysis {

void JsonWriter::end() {
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.is_one_line && !level.is_empty) new_line();
  text_ += level.close;
}

void JsonWriter::key(std::string_view name) {
  before_value();
  quote(name);
  text_ += ": ";
  is_after_key_ = true;
}

void JsonWriter::string(std::string_view value) {
  before_value();
  quote(value);
}

void JsonWriter::number(double value) { raw(exact_text(value)); }

void JsonWriter::number(std::size_t value) { raw(fmt::format("{}", value)); }

void JsonWriter::raw(std::string_view json) {
  before_value();
  text_ += json;
}

std::string JsonWriter::take() {
  text_ += '\n';
  return std::move(text_);
}

void JsonWriter::begin(char open, char close, Layout layout) {
  before_value();
  text_ += open;
  const bool is_inside_one_line = !levels_.empty() && levels_.back().is_one_line;
  levels_.push_back({close, is_inside_one_line || layout == Layout::one_line, true});
}

// Writes what separates a value from the one before it; a value behind its key needs nothing.
void JsonWriter::before_value() {
  if (is_after_key_ || levels_.empty()) {
    is_after_key_ = false;
    return;
  }
  Level& level = levels_.back();
  if (!level.is_empty) text_ += level.is_one_line ? ", " : ",";
  level.is_empty = false;
  if (!level.is_one_line) new_line();
}

void JsonWriter::new_line() {
  text_ += '\n';
  text_.append(levels_.size() * 2, ' ');
}

void JsonWriter::quote(std::string_view text) {
  text_ += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t c = next_code_point(text, at);
    if (c == '"' || c == '\\') text_ += '\\';
    // Every unsafe code point fits four hexadecimal digits.
    if (is_unsafe(c))
      fmt::format_to(std::back_inserter(text_), "\\u{:04x}", static_cast<unsigned>(c));
    else
      text_ += text.substr(start, at - start);
  }
  text_ += '"';
}

}  // namespace circuit::analysis
