// Reads CSV text record by record: RFC 4180, and the ways in which real files depart from it.
//
//   record = field *(delimiter field) (LF / CRLF / CR / end)     field = bare / quoted
//   quoted = '"' *(any byte but '"' / '""') '"'                  bare  = *(any byte but delimiter, CR, LF)
//
// A quote inside a bare field is an ordinary character. Text between a closing quote and the next delimiter is kept
// and counted (`stray_quotes`). Empty lines are no records; they are counted (`blank_lines`).
// Cells are views into the input; only a quoted field with something to unescape is copied, into the Arena.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace circuit::analysis {

// A deque never moves its elements, so views into them stay good while it grows.
using Arena = std::deque<std::string>;

class CsvReader {
 public:
  // `text` and `arena` must outlive the reader and every cell that it handed out. `cells_max` bounds the cells kept per
  // record; the rest are only counted, in width().
  CsvReader(std::string_view text, char delimiter, std::size_t cells_max, Arena& arena);

  // False at the end of the input, and at a quoted field that is never closed (then unclosed_quote_at() is set).
  [[nodiscard]] bool next();

  // The current record, valid until next() is called. width() counts its fields, kept or not.
  [[nodiscard]] std::span<const std::string_view> cells() const { return cells_; }
  [[nodiscard]] std::size_t width() const { return width_; }

  [[nodiscard]] std::size_t blank_lines() const { return blank_lines_; }
  [[nodiscard]] std::size_t stray_quotes() const { return stray_quotes_; }
  [[nodiscard]] std::size_t unclosed_quote_at() const { return unclosed_quote_at_; }
  static constexpr std::size_t none = std::string_view::npos;

 private:
  void skip_blank_lines();
  void skip_line_end();
  [[nodiscard]] bool read_field();
  [[nodiscard]] bool read_quoted();
  void read_tail_behind_quote(std::string_view quoted);
  [[nodiscard]] std::size_t bare_end(std::size_t from) const;
  void keep(std::string_view cell);

  std::string_view text_;
  std::size_t at_ = 0;
  char delimiter_;
  std::size_t cells_max_;
  Arena& arena_;
  std::vector<std::string_view> cells_;
  std::size_t width_ = 0;
  std::size_t blank_lines_ = 0;
  std::size_t stray_quotes_ = 0;
  std::size_t unclosed_quote_at_ = none;
};

}  // namespace circuit::analysis
