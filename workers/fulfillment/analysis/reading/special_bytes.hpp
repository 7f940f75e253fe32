// Finds the bytes of a text that mean something in CSV (delimiter, quotation mark, line feed, carriage return), 64
// bytes at a time: one bit for each byte, then bit by bit. All other bytes cost a fraction of a nanosecond.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace circuit::analysis {

class SpecialBytes {
 public:
  // 64 bytes behind the text's end must be readable; what stands there is never reported.
  SpecialBytes(const char* text, std::size_t size, char delimiter) : text_(text), size_(size), delimiter_(delimiter) {}

  // The next special byte at or after the last one reported, or size(). Each is reported once.
  [[nodiscard]] std::size_t next() {
    while (bits_ == 0) {
      if (block_ >= size_) return size_;
      bits_ = find_in(text_ + block_);
      if (size_ - block_ < 64) bits_ &= (std::uint64_t{1} << (size_ - block_)) - 1;
      block_ += 64;
    }
    const std::size_t at = block_ - 64 + static_cast<std::size_t>(std::countr_zero(bits_));
    bits_ &= bits_ - 1;
    return at;
  }

  // Goes on with the first special byte at or after `at`, before or behind the last one reported.
  void seek(std::size_t at) {
    block_ = at & ~std::size_t{63};
    bits_ = 0;
    if (block_ >= size_) return;
    bits_ = find_in(text_ + block_) & (~std::uint64_t{0} << (at & 63));
    if (size_ - block_ < 64) bits_ &= (std::uint64_t{1} << (size_ - block_)) - 1;
    block_ += 64;
  }

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
#ifdef __SSE2__
  [[nodiscard]] std::uint64_t find_in(const char* at) const {
    const __m128i delimiters = _mm_set1_epi8(delimiter_);
    const __m128i quotes = _mm_set1_epi8('"');
    const __m128i feeds = _mm_set1_epi8('\n');
    const __m128i returns = _mm_set1_epi8('\r');
    std::uint64_t bits = 0;
    for (int i = 0; i < 4; ++i) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at) + i);
      const __m128i found = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, delimiters), _mm_cmpeq_epi8(bytes, quotes)),
                                         _mm_or_si128(_mm_cmpeq_epi8(bytes, feeds), _mm_cmpeq_epi8(bytes, returns)));
      bits |= std::uint64_t{static_cast<std::uint16_t>(_mm_movemask_epi8(found))} << (16 * i);
    }
    return bits;
  }
#else
  [[nodiscard]] std::uint64_t find_in(const char* at) const {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 64; ++i)
      bits |= std::uint64_t{at[i] == delimiter_ || at[i] == '"' || at[i] == '\n' || at[i] == '\r'} << i;
    return bits;
  }
#endif

  const char* text_;
  std::size_t size_;
  char delimiter_;
  std::size_t block_ = 0;  // where the bytes begin that were not looked at yet
  std::uint64_t bits_ = 0;
};

}  // namespace circuit::analysis
