#include "workers/fulfillment/analysis/reading/cell_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace circuit::analysis {
namespace {

template <std::size_t size>
constexpr std::size_t longest(const std::string_view (&words)[size]) {
  std::size_t result = 0;
  for (const std::string_view word : words) result = std::max(result, word.size());
  return result;
}

// Whether any word begins with this byte: most cells are told apart by their first one.
template <std::size_t size>
constexpr std::array<bool, 256> first_bytes(const std::string_view (&words)[size]) {
  std::array<bool, 256> result{};
  for (const std::string_view word : words)
    if (!word.empty()) result[static_cast<unsigned char>(word.front())] = true;
  return result;
}

constexpr auto missing_first_bytes = first_bytes(missing_words);

}  // namespace

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
         });
}

bool is_missing(std::string_view cell) {
  if (cell.empty()) return true;
  if (cell.size() > longest(missing_words) || !missing_first_bytes[static_cast<unsigned char>(cell.front())])
    return false;
  return std::find(std::begin(missing_words), std::end(missing_words), cell) != std::end(missing_words);
}

bool is_missing_among_values(std::string_view cell) {
  if (is_missing(cell)) return true;
  if (cell.size() > longest(missing_words_among_values) || is_digit(cell.front())) return false;
  return std::any_of(std::begin(missing_words_among_values), std::end(missing_words_among_values),
                     [&](std::string_view word) { return equals_ignoring_case(cell, word); });
}

}  // namespace circuit::analysis
