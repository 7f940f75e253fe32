// Splits CSV text into records and fields: RFC 4180, and the ways in which real files depart from it.
//
//   record = field *(delimiter field) (LF / CRLF / CR / end)     field = bare / quoted
//   quoted = '"' *(any byte but '"' / '""') '"'                  bare  = *(any byte but delimiter, CR, LF)
//
// Spaces in front of the opening quote are skipped. A quote inside a bare field is an ordinary character. Text between
// a closing quote and the next delimiter is kept and counted (`stray_quotes`). Lines of nothing but spaces are no
// records. Fields are views into the text; only a quoted field with something to unescape is copied, into the caller's
// arena.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "workers/fulfillment/analysis/reading/special_bytes.hpp"

namespace circuit::analysis {

// A deque never moves its elements, so views into them stay good while it grows.
using Arena = std::deque<std::string>;

class RecordSplitter {
 public:
  // `text` must be followed by TextWindow::padding_bytes of readable memory. Unless `is_last`, more text comes behind
  // it, so a record whose end is not seen is not complete. `text` and `arena` must outlive all fields.
  RecordSplitter(std::string_view text, bool is_last, char delimiter, Arena& arena)
      : text_(text),
        is_last_(is_last),
        delimiter_(delimiter),
        arena_(arena),
        special_(text.data(), text.size(), delimiter) {}

  enum class Result { record, incomplete, unclosed_quote };

  // Calls `field(view)` for each field of the record that begins at at(); then at() is behind its line end. There must
  // be text at at(). incomplete and unclosed_quote leave at() where it was: the first wants more text, the second met
  // the end of the file within a quoted field.
  template <class Field>
  [[nodiscard]] Result next(Field&& field) {
    std::size_t at = record_at_ = at_;
    if (special_from_ != at) special_.seek(at);
    special_from_ = std::string_view::npos;
    record_stray_quotes_ = 0;
    for (;;) {
      std::size_t end = 0;
      std::string_view value;
      if (is_quoted(at)) {
        if (!quoted(value, end)) return is_last_ ? Result::unclosed_quote : Result::incomplete;
      } else {
        end = bare_end();
        value = text_.substr(at, end - at);
      }
      if (end == text_.size() && !is_last_) return Result::incomplete;
      // A carriage return at the very end may have its line feed in the text to come.
      if (end + 1 == text_.size() && text_[end] == '\r' && !is_last_) return Result::incomplete;
      field(value);
      if (end == text_.size() || text_[end] != delimiter_) {
        at_ = behind_line_end(end);
        // The line feed of a pair is a special byte of its own.
        if (at_ == end + 2) (void)special_.next();
        special_from_ = at_;
        stray_quotes_ += record_stray_quotes_;
        return Result::record;
      }
      at = end + 1;
    }
  }

  // What next() gave last was no record: at() is at its start again.
  void take_back() {
    at_ = record_at_;
    special_from_ = std::string_view::npos;
    stray_quotes_ -= record_stray_quotes_;
  }

  // The quote at this place, which next() did not find closed, is read as an ordinary character from now on.
  void read_quote_literally() { literal_quote_ = open_quote_; }

  // Skips the blank lines at at(); returns how many. One whose end is not seen stays.
  [[nodiscard]] std::size_t skip_blank_lines();
  // The line's end must be in the text, or the text's end be the file's.
  void skip_line();

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool is_done() const { return at_ == text_.size(); }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::size_t stray_quotes() const { return stray_quotes_; }

 private:
  [[nodiscard]] bool is_line_end(std::size_t at) const { return text_[at] == '\n' || text_[at] == '\r'; }
  [[nodiscard]] bool is_quoted(std::size_t at) const {
    while (at < text_.size() && text_[at] == ' ') ++at;
    return at < text_.size() && text_[at] == '"' && at != literal_quote_;
  }
  [[nodiscard]] std::size_t bare_end() {
    std::size_t end = special_.next();
    while (end < text_.size() && text_[end] == '"') end = special_.next();
    return end;
  }
  [[nodiscard]] std::size_t behind_line_end(std::size_t end) const;
  [[nodiscard]] bool quoted(std::string_view& value, std::size_t& end);

  std::string_view text_;
  bool is_last_;
  char delimiter_;
  Arena& arena_;
  SpecialBytes special_;
  std::size_t at_ = 0;
  std::size_t record_at_ = 0;     // where the last record begins
  std::size_t special_from_ = 0;  // special_ reports what comes from here on; npos: it is somewhere else
  std::size_t stray_quotes_ = 0;
  std::size_t record_stray_quotes_ = 0;
  std::size_t open_quote_ = std::string_view::npos;
  std::size_t literal_quote_ = std::string_view::npos;
};

}  // namespace circuit::analysis
