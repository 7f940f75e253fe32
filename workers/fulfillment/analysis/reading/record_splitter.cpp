#include "workers/fulfillment/analysis/reading/record_splitter.hpp"

#include <algorithm>

namespace circuit::analysis {
namespace {

// `quoted` lies between the outer quotes, so every quote in it is the first of a pair.
std::string unescaped(std::string_view quoted) {
  std::string result;
  result.reserve(quoted.size());
  for (std::size_t at = 0; at < quoted.size();) {
    const std::size_t quote = quoted.find('"', at);
    if (quote == std::string_view::npos) return result.append(quoted.substr(at));
    result.append(quoted.substr(at, quote + 1 - at));
    at = quote + 2;
  }
  return result;
}

}  // namespace

// The opening quote is the next special byte. False if the closing one is not in the text.
bool RecordSplitter::quoted(std::string_view& value, std::size_t& end) {
  open_quote_ = special_.next();
  const std::size_t start = open_quote_ + 1;
  bool has_escapes = false;
  std::size_t quote = 0;
  for (;;) {
    quote = special_.next();
    if (quote == text_.size()) return false;
    if (text_[quote] != '"') continue;
    // The second quote of a pair may be in the text to come.
    if (quote + 1 == text_.size()) {
      if (!is_last_) return false;
      break;
    }
    if (text_[quote + 1] != '"') break;
    has_escapes = true;
    (void)special_.next();
  }
  value = text_.substr(start, quote - start);
  if (has_escapes) value = arena_.emplace_back(unescaped(value));
  end = bare_end();
  const std::string_view tail = text_.substr(quote + 1, end - quote - 1);
  if (tail.find_first_not_of(" \t") == std::string_view::npos) return true;
  ++record_stray_quotes_;
  value = arena_.emplace_back(std::string(value).append(tail));
  return true;
}

std::size_t RecordSplitter::behind_line_end(std::size_t end) const {
  if (end == text_.size()) return end;
  const bool is_crlf = text_[end] == '\r' && end + 1 < text_.size() && text_[end + 1] == '\n';
  return end + (is_crlf ? 2 : 1);
}

std::size_t RecordSplitter::skip_blank_lines() {
  std::size_t lines = 0;
  for (;; ++lines) {
    std::size_t end = at_;
    while (end < text_.size() && (text_[end] == ' ' || text_[end] == '\t') && text_[end] != delimiter_) ++end;
    const bool is_cut = !is_last_ && (end == text_.size() || (end + 1 == text_.size() && text_[end] == '\r'));
    if (is_cut || at_ == text_.size() || (end < text_.size() && !is_line_end(end))) return lines;
    at_ = behind_line_end(end);
  }
}

void RecordSplitter::skip_line() {
  while (at_ < text_.size() && !is_line_end(at_)) ++at_;
  at_ = behind_line_end(at_);
}

}  // namespace circuit::analysis
