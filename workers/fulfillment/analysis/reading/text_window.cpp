#include "workers/fulfillment/analysis/reading/text_window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "workers/fulfillment/analysis/text/number_text.hpp"
#include "workers/fulfillment/analysis/text/utf8.hpp"

namespace circuit::analysis {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view save_as = "Please save the file as “CSV UTF-8” and send it again.";

struct Signature {
  std::string_view bytes;
  std::string_view what;
};
constexpr Signature signatures[] = {{"PK\x03\x04", "an Excel workbook or another zipped file"},
                                    {"\xD0\xCF\x11\xE0", "an Excel workbook of the old kind"},
                                    {"%PDF-", "a PDF document"},
                                    {"\x1F\x8B", "a compressed file inside of a compressed file"},
                                    {"BZh", "a compressed (bzip2) file"},
                                    {"\x28\xB5\x2F\xFD", "a compressed (zstd) file"},
                                    {std::string_view("\xFD\x37zXZ\0", 6), "a compressed (xz) file"},
                                    {"PAR1", "a Parquet file"},
                                    {"SQLite format 3", "an SQLite database"}};

std::optional<Failure> refuse_other_formats(std::string_view text) {
  for (const auto& [bytes, what] : signatures)
    if (text.starts_with(bytes))
      return Failure{"input_not_csv", fmt::format("This is {}, not a CSV file. {}", what, save_as)};
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return Failure{"input_not_utf8", fmt::format("The file is encoded as UTF-16, not as UTF-8. {}", save_as)};
  return std::nullopt;
}

// A sequence that is cut by the end of what was read so far is no fault yet.
bool may_continue(std::string_view tail) {
  const auto lead = static_cast<unsigned char>(tail.front());
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
  return tail.size() < length && std::all_of(tail.begin() + 1, tail.end(),
                                             [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; });
}

// Letters of Western Europe in Windows-1252 and ISO 8859-1 stand alone among ASCII.
std::string_view likely_encoding(std::string_view text, std::size_t bad) {
  const auto is_high = [&](std::size_t at) { return at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80; };
  if (static_cast<unsigned char>(text[bad]) < 0x80) return "";
  return is_high(bad + 1) ? "" : "; it looks like Windows-1252 (Latin-1)";
}

// Line feeds, and carriage returns without one. The byte at `to` must be readable.
std::size_t count_line_ends(const char* from, const char* to) {
  const auto is_end = [](const char* at) {
    return static_cast<std::uint8_t>((at[0] == '\n') | ((at[0] == '\r') & (at[1] != '\n')));
  };
  std::size_t count = 0;
  // Of a fixed length, the compiler makes it a few instructions for all.
  constexpr std::ptrdiff_t block = 64;
  for (; to - from >= block; from += block) {
    std::uint8_t ends = 0;
    for (std::ptrdiff_t i = 0; i < block; ++i) ends = static_cast<std::uint8_t>(ends + is_end(from + i));
    count += ends;
  }
  for (; from != to; ++from) count += is_end(from);
  return count;
}

}  // namespace

std::size_t TextWindow::Counted::read(char* to, std::size_t size) {
  const std::size_t got = source.read(to, size);
  bytes += got;
  return got;
}

void TextWindow::Counted::rewind() {
  source.rewind();
  bytes = 0;
}

TextWindow::TextWindow(Source& source, const Limits& limits, std::size_t bytes)
    : limits_(limits),
      counted_(std::make_unique<Counted>(source)),
      buffer_(std::max(bytes, bytes_min) + padding_bytes) {}

void TextWindow::rewind() {
  counted_->rewind();
  if (gunzip_) gunzip_->rewind();
  begin_ = end_ = checked_ = lines_before_ = text_bytes_ = 0;
  is_open_ = is_last_ = false;
}

bool TextWindow::grow(std::size_t unfinished_at) {
  if (failure_ || is_last_) return false;
  if (text().size() - unfinished_at > limits_.record_bytes_max) {
    failure_ = Failure{"record_too_long",
                       fmt::format("A row that begins on line {} has more than {}; a quotation mark "
                                   "that is never closed may be the reason.",
                                   readable_text(line_of(unfinished_at)), counted(limits_.record_bytes_max, "byte"))};
    return false;
  }
  make_room();
  const std::size_t from = end_;
  read_more();
  if (!failure_ && !is_open_) open();
  if (!failure_) check(std::max(from, begin_));
  return !failure_;
}

// What is left moves to the front; a window that holds one unfinished record is doubled.
void TextWindow::make_room() {
  if (begin_ > 0) {
    lines_before_ += count_line_ends(buffer_.data(), buffer_.data() + begin_);
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    checked_ -= begin_;
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t size = buffer_.size() - padding_bytes;
  if (end_ > size / 2) buffer_.resize(size * 2 + padding_bytes);
}

void TextWindow::read_more() {
  Source& source = gunzip_ ? static_cast<Source&>(*gunzip_) : *counted_;
  const std::size_t room = buffer_.size() - padding_bytes - end_;
  const std::size_t got = source.read(buffer_.data() + end_, room);
  end_ += got;
  text_bytes_ += got;
  is_last_ = got < room;
  std::memset(buffer_.data() + end_, 0, padding_bytes);
  failure_ = source.failure();
  if (!failure_ && counted_->bytes > limits_.input_bytes_max)
    failure_ =
        Failure{"input_too_large", fmt::format("The file has more than {}, which is the most that can be analyzed.",
                                               counted(limits_.input_bytes_max, "byte"))};
}

// At the first bytes: is it compressed, is it another format, has it a mark?
void TextWindow::open() {
  if (!gunzip_ && is_gzip(text())) {
    gunzip_ = std::make_unique<Gunzip>(*counted_, limits_.expanded_bytes_max);
    rewind();
    read_more();
    if (failure_) return;
  }
  is_open_ = true;
  failure_ = refuse_other_formats(text());
  has_byte_order_mark_ = text().starts_with(byte_order_mark);
  if (has_byte_order_mark_) begin_ = checked_ = byte_order_mark.size();
}

std::size_t TextWindow::line_of_byte(std::size_t at) const {
  return 1 + lines_before_ + count_line_ends(buffer_.data(), buffer_.data() + at);
}

// From `from` on, the text is new. A code point may have been cut in two there.
void TextWindow::check(std::size_t from) {
  const std::string_view fresh(buffer_.data() + from, end_ - from);
  if (const std::size_t zero = fresh.find('\0'); zero != std::string_view::npos) {
    failure_ =
        Failure{"input_binary", fmt::format("The file holds binary data, not text: the first zero byte is on line "
                                            "{}. {}",
                                            readable_text(line_of_byte(from + zero)), save_as)};
    return;
  }
  const std::string_view unchecked(buffer_.data() + checked_, end_ - checked_);
  const std::size_t bad = find_invalid_utf8(unchecked);
  if (bad == std::string_view::npos || (!is_last_ && may_continue(unchecked.substr(bad)))) {
    checked_ += std::min(bad, unchecked.size());
    return;
  }
  failure_ =
      Failure{"input_not_utf8",
              fmt::format("The file is not encoded as UTF-8: the first wrong byte is on line {}{}. {}",
                          readable_text(line_of_byte(checked_ + bad)), likely_encoding(unchecked, bad), save_as)};
}

}  // namespace circuit::analysis
