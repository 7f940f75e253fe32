#include "workers/fulfillment/analysis/reading/text_window.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/analysis/reading/gzip.hpp"

using namespace circuit::analysis;
using namespace std::string_literals;

namespace {

constexpr std::size_t small = TextWindow::bytes_min;

struct Seen {
  std::string text;
  Failure failure;
  std::string code() const { return failure.code; }
};

// Line by line, so that the window moves.
Seen read(std::string_view bytes, std::size_t window_bytes = TextWindow::usual_bytes, const Limits& limits = {}) {
  MemorySource source(bytes);
  TextWindow window(source, limits, window_bytes);
  Seen seen;
  for (;;) {
    const std::size_t line = window.text().find('\n');
    const std::size_t size = window.is_last() ? window.text().size() : line == std::string::npos ? 0 : line + 1;
    seen.text += window.text().substr(0, size);
    window.consume(size);
    if (size == 0 && !window.grow()) break;
  }
  if (window.failure()) seen.failure = *window.failure();
  return seen;
}

Failure failure(std::string_view bytes, const Limits& limits = {}) {
  return read(bytes, TextWindow::usual_bytes, limits).failure;
}

bool mentions(const Failure& failure, std::string_view words) {
  return failure.message.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("the whole text passes through a window of any size") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += std::string(static_cast<std::size_t>(i % 40), 'x') + "é€😀\n";
  for (std::size_t size = small; size < 300; ++size) {
    const Seen seen = read(text, size);
    REQUIRE(seen.failure.message.empty());
    REQUIRE((seen.text == text));
  }
}

TEST_CASE("an empty file is an empty text") {
  const Seen seen = read("");
  CHECK(seen.text.empty());
  CHECK(seen.code().empty());
}

TEST_CASE("behind the text there are zeros that may be read") {
  const std::string bytes(1000, 'x');
  MemorySource source(bytes);
  TextWindow window(source, {}, small);
  while (window.grow()) {
    const std::string_view text = window.text();
    for (std::size_t i = 0; i < TextWindow::padding_bytes; ++i) REQUIRE(text.data()[text.size() + i] == '\0');
  }
  CHECK(window.text().size() == 1000);
}

TEST_CASE("a byte order mark is taken off, and known") {
  MemorySource source(
      "\xEF\xBB\xBF"
      "a,b\n");
  TextWindow window(source, {}, small);
  REQUIRE(window.grow());
  CHECK(window.text() == "a,b\n");
  CHECK(window.has_byte_order_mark());
  window.rewind();
  REQUIRE(window.grow());
  CHECK(window.text() == "a,b\n");
  CHECK(read("\xEF\xBB\xBF").text.empty());
}

TEST_CASE("compressed text is expanded, and counted before and after") {
  const std::string text(10'000, 'x');
  const std::string bytes = gzipped(text);
  MemorySource source(bytes);
  TextWindow window(source, {}, small);
  while (window.grow()) {
  }
  CHECK(window.is_compressed());
  CHECK((window.text() == text));
  CHECK(window.source_bytes() == bytes.size());
  CHECK(window.text_bytes() == 10'000);
  window.rewind();
  REQUIRE(window.grow());
  CHECK(window.text().substr(0, 3) == "xxx");
}

TEST_CASE("the same bytes come after a rewind as before") {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += std::to_string(i) + "\n";
  MemorySource source(bytes);
  TextWindow window(source, {}, 100);
  REQUIRE(window.grow());
  window.consume(50);
  REQUIRE(window.grow());
  window.rewind();
  CHECK(window.text().empty());
  while (window.grow()) {
  }
  CHECK((window.text() == bytes));
  CHECK(window.line_of(0) == 1);
}

TEST_CASE("UTF-8 is checked across every cut") {
  const std::string good = "Zürich €uro 😀 x\n";
  for (std::size_t shift = 0; shift < 40; ++shift) {
    const std::string start = std::string(shift, 'x') + "\n";
    REQUIRE(read(start + good + good + good, small).code().empty());
    // Cut off within its last code point, as no file should be; and with one byte too many.
    for (const std::string& bad :
         {"\xC3"s, "\xE2\x82"s, "\xF0\x9F\x98"s, "\x80"s, "\xC3\xC3\xA9"s, "\xED\xA0\x80"s, "\xC0\x80"s})
      REQUIRE(read(start + good + bad, small).code() == "input_not_utf8");
  }
}

TEST_CASE("the line of the first wrong byte is named, however lines end and wherever the window is") {
  for (const std::string end : {"\n", "\r\n", "\r"})
    for (const std::size_t size : {small, TextWindow::usual_bytes}) {
      std::string bytes;
      for (int line = 1; line <= 1233; ++line) bytes += "caf\xC3\xA9" + end;
      const std::string wrong = bytes + "caf\xE9,1" + end;
      MemorySource source(wrong);
      TextWindow window(source, {}, size);
      // Whole lines are given up; a carriage return stays with its line feed.
      do window.consume(window.text().size() - std::min<std::size_t>(window.text().size(), 5));
      while (window.grow());
      REQUIRE(window.failure());
      CHECK(mentions(*window.failure(), "line 1,234;"));
    }
}

TEST_CASE("Windows-1252 is recognised by its lone letters") {
  CHECK(mentions(failure("name\ncaf\xE9,1\n"), "looks like Windows-1252 (Latin-1)"));
  CHECK_FALSE(mentions(failure("name\n\x8B\xE3\x8E\x9E,1\n"), "Windows-1252"));
  CHECK(mentions(failure("name\ncaf\xE9,1\n"), "save the file as “CSV UTF-8”"));
}

TEST_CASE("UTF-16 is named as such") {
  CHECK(failure("\xFF\xFE"s + "a\0,\0b\0"s).code == "input_not_utf8");
  CHECK(mentions(failure("\xFE\xFF"s + "\0a"s), "UTF-16"));
}

TEST_CASE("other file formats are named") {
  const std::pair<std::string, std::string> formats[] = {
      {"PK\x03\x04 zipped", "Excel"},
      {"\xD0\xCF\x11\xE0 old", "Excel workbook of the old kind"},
      {"%PDF-1.7", "PDF"},
      {"BZh9", "bzip2"},
      {"\x28\xB5\x2F\xFD", "zstd"},
      {"\xFD\x37zXZ\0"s, "xz"},
      {"PAR1", "Parquet"},
      {"SQLite format 3", "SQLite"},
      {gzipped(gzipped("a,b\n")), "compressed file inside of a compressed file"}};
  for (const auto& [bytes, name] : formats) {
    const Failure result = failure(bytes);
    CHECK(result.code == "input_not_csv");
    CHECK(mentions(result, name));
  }
}

TEST_CASE("a zero byte is no text, and its line is named") {
  const Failure result = failure("a,b\n1,\0\n"s);
  CHECK(result.code == "input_binary");
  CHECK(mentions(result, "line 2"));
  CHECK(read(std::string(100, 'x') + "\n\0"s, small).code() == "input_binary");
}

TEST_CASE("input above the limit is refused, at the limit it is not") {
  Limits limits;
  limits.input_bytes_max = 100;
  CHECK(failure(std::string(100, 'x'), limits).code.empty());
  CHECK(failure(std::string(101, 'x'), limits).code == "input_too_large");
  CHECK(mentions(failure(std::string(101, 'x'), limits), "100 bytes"));
}

TEST_CASE("what expands beyond the limit is refused, at the limit it is not") {
  Limits limits;
  limits.expanded_bytes_max = 1000;
  CHECK(failure(gzipped(std::string(1000, 'x')), limits).code.empty());
  CHECK(failure(gzipped(std::string(1001, 'x')), limits).code == "input_expands_too_far");
}

TEST_CASE("damaged compression is refused") { CHECK(failure("\x1F\x8B").code == "gzip_damaged"); }

TEST_CASE("an unfinished record that is too long is refused with its line, and no other") {
  Limits limits;
  limits.record_bytes_max = 30;
  const std::string bytes = "a\nb\n" + std::string(100, 'x') + "\n";
  const Seen seen = read(bytes, 64, limits);
  CHECK(seen.code() == "record_too_long");
  CHECK(mentions(seen.failure, "begins on line 3"));
  // What is whole may be longer together.
  MemorySource source(bytes);
  TextWindow window(source, limits, 64);
  REQUIRE(window.grow());
  CHECK(window.grow(window.text().size() - 30));
  CHECK_FALSE(window.grow(window.text().size() - 31));
}

TEST_CASE("lines are counted from where the window is") {
  const std::string bytes = "a\rb\nc\r\n\nd\n" + std::string(100, 'e');
  MemorySource source(bytes);
  TextWindow window(source, {}, small);
  REQUIRE(window.grow());
  CHECK(window.line_of(0) == 1);
  CHECK(window.line_of(2) == 2);
  CHECK(window.line_of(4) == 3);
  CHECK(window.line_of(5) == 3);
  CHECK(window.line_of(7) == 4);
  CHECK(window.line_of(8) == 5);
  window.consume(8);
  REQUIRE(window.grow());
  CHECK(window.line_of(0) == 5);
  CHECK(window.line_of(2) == 6);
}
