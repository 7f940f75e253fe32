#include "workers/fulfillment/analysis/csv.hpp"

namespace circuit::analysis {
namespace {

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

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

CsvReader::CsvReader(std::string_view text, char delimiter, std::size_t cells_max, Arena& arena)
    : text_(text), delimiter_(delimiter), cells_max_(cells_max), arena_(arena) {}

bool CsvReader::next() {
  cells_.clear();
  width_ = 0;
  skip_blank_lines();
  if (at_ == text_.size()) return false;
  while (true) {
    if (!read_field()) return false;
    if (at_ == text_.size()) return true;
    if (text_[at_] != delimiter_) break;
    ++at_;
  }
  skip_line_end();
  return true;
}

void CsvReader::skip_blank_lines() {
  while (at_ < text_.size() && is_line_end(text_[at_])) {
    skip_line_end();
    ++blank_lines_;
  }
}

void CsvReader::skip_line_end() {
  const bool is_crlf = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
  at_ += is_crlf ? 2 : 1;
}

bool CsvReader::read_field() {
  if (at_ < text_.size() && text_[at_] == '"') return read_quoted();
  const std::size_t end = bare_end(at_);
  keep(text_.substr(at_, end - at_));
  at_ = end;
  return true;
}

bool CsvReader::read_quoted() {
  const std::size_t start = at_ + 1;
  std::size_t quote = text_.find('"', start);
  bool has_escapes = false;
  while (quote != none && quote + 1 < text_.size() && text_[quote + 1] == '"') {
    has_escapes = true;
    quote = text_.find('"', quote + 2);
  }
  if (quote == none) {
    unclosed_quote_at_ = at_;
    return false;
  }
  std::string_view quoted = text_.substr(start, quote - start);
  // Cells beyond the limit are dropped anyway; copying them would let a wide record fill the memory.
  if (has_escapes && width_ < cells_max_) quoted = arena_.emplace_back(unescaped(quoted));
  at_ = quote + 1;
  read_tail_behind_quote(quoted);
  return true;
}

void CsvReader::read_tail_behind_quote(std::string_view quoted) {
  const std::size_t end = bare_end(at_);
  const std::string_view tail = text_.substr(at_, end - at_);
  at_ = end;
  if (tail.find_first_not_of(" \t") == none) {
    keep(quoted);
    return;
  }
  ++stray_quotes_;
  if (width_ < cells_max_) quoted = arena_.emplace_back(std::string(quoted).append(tail));
  keep(quoted);
}

std::size_t CsvReader::bare_end(std::size_t from) const {
  while (from < text_.size() && text_[from] != delimiter_ && !is_line_end(text_[from])) ++from;
  return from;
}

void CsvReader::keep(std::string_view cell) {
  if (width_ < cells_max_) cells_.push_back(cell);
  ++width_;
}

}  // namespace circuit::analysis
