#include "workers/fulfillment/analysis/report/json_writer.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "workers/fulfillment/analysis/text/number_text.hpp"
#include "workers/fulfillment/analysis/text/utf8.hpp"

namespace circuit::analysis {
namespace {

// ASCII that stands in a JSON string as it is.
bool is_plain(char c) { return c >= ' ' && c < '\x7F' && c != '"' && c != '\\'; }

}  // namespace

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

void JsonWriter::number(std::size_t value) {
  const fmt::format_int digits(value);
  raw({digits.data(), digits.size()});
}

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
    while (at < text.size() && is_plain(text[at])) ++at;
    text_.append(text, start, at - start);
    if (at < text.size()) at = escape(text, at);
  }
  text_ += '"';
}

// Writes the code point at `at` and returns where the next one begins.
std::size_t JsonWriter::escape(std::string_view text, std::size_t at) {
  std::size_t next = at;
  const char32_t c = next_code_point(text, next);
  if (c == '"' || c == '\\') text_ += '\\';
  // Every unsafe code point fits four hexadecimal digits.
  if (is_unsafe(c))
    fmt::format_to(std::back_inserter(text_), "\\u{:04x}", static_cast<unsigned>(c));
  else
    text_.append(text, at, next - at);
  return next;
}

}  // namespace circuit::analysis
