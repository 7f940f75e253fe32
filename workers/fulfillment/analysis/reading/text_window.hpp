// The text of a file as a window that moves over it: expanded if it was compressed, checked to be UTF-8 text, without
// a byte order mark. Memory is bounded by the longest record, not by the file.
//
// Failure codes: those of Gunzip; input_too_large, input_not_csv (another file format), input_not_utf8, input_binary,
// record_too_long.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "workers/fulfillment/analysis/outcome.hpp"
#include "workers/fulfillment/analysis/reading/gunzip.hpp"
#include "workers/fulfillment/analysis/reading/source.hpp"

namespace circuit::analysis {

class TextWindow {
 public:
  // Bytes behind the text that may be read, and are zero.
  static constexpr std::size_t padding_bytes = 64;
  // Small enough for the processor's second cache, with the cells that point into it.
  static constexpr std::size_t usual_bytes = 256 * 1024;
  // Enough to tell a file's format by its first bytes.
  static constexpr std::size_t bytes_min = 16;

  // `source` must outlive the window. `bytes` is the size of the window as long as every record fits into half of it;
  // less than bytes_min counts as that.
  TextWindow(Source& source, const Limits& limits, std::size_t bytes = usual_bytes);

  // What was read and not yet consumed.
  [[nodiscard]] std::string_view text() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t bytes) { begin_ += bytes; }

  // Reads more behind the text, or learns that there is no more; views into the text end. `unfinished_at` is where the
  // record begins whose end is wanted: it must not be longer than the limit. False once is_last(), or if failure() is
  // set.
  [[nodiscard]] bool grow(std::size_t unfinished_at = 0);
  // Nothing comes behind the text.
  [[nodiscard]] bool is_last() const { return is_last_; }

  void rewind();

  // The line that the byte at text()[at] stands on, counted from 1; LF, CRLF and CR end lines. Takes time in proportion
  // to what is in memory.
  [[nodiscard]] std::size_t line_of(std::size_t at) const { return line_of_byte(begin_ + at); }

  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }
  [[nodiscard]] bool has_byte_order_mark() const { return has_byte_order_mark_; }
  [[nodiscard]] bool is_compressed() const { return gunzip_ != nullptr; }
  [[nodiscard]] std::size_t source_bytes() const { return counted_->bytes; }
  [[nodiscard]] std::size_t text_bytes() const { return text_bytes_; }
  // Of the text as a whole; 0 where that is not known.
  [[nodiscard]] std::size_t text_bytes_hint() const { return gunzip_ ? 0 : counted_->source.size_hint(); }

 private:
  // Counts what passes.
  struct Counted final : Source {
    explicit Counted(Source& source_) : source(source_) {}
    [[nodiscard]] std::size_t read(char* to, std::size_t size) override;
    void rewind() override;
    Source& source;
    std::size_t bytes = 0;
  };

  void make_room();
  void read_more();
  void open();
  void check(std::size_t from);
  [[nodiscard]] std::size_t line_of_byte(std::size_t at) const;

  Limits limits_;
  std::unique_ptr<Counted> counted_;
  std::unique_ptr<Gunzip> gunzip_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t checked_ = 0;       // text before it is well-formed
  std::size_t lines_before_ = 0;  // line ends before the buffer's first byte
  std::size_t text_bytes_ = 0;
  bool is_open_ = false;
  bool is_last_ = false;
  bool has_byte_order_mark_ = false;
  std::optional<Failure> failure_;
};

}  // namespace circuit::analysis
