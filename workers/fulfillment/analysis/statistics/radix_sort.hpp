// A least-significant-digit radix sort: stable, in time proportional to the number of elements.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace circuit::analysis {

// `key_of` gives an element's unsigned key. At most 2^32 - 1 elements. `spare` is memory to work in; what is in it
// afterwards is of no use.
template <typename Element, typename KeyOf>
void radix_sort(std::vector<Element>& elements, std::vector<Element>& spare, KeyOf key_of) {
  using Key = decltype(key_of(elements.front()));
  constexpr unsigned digit_bits = 11;
  constexpr unsigned passes = (std::numeric_limits<Key>::digits + digit_bits - 1) / digit_bits;
  using Counts = std::array<std::uint32_t, std::size_t{1} << digit_bits>;
  const auto digit = [](Key key, unsigned pass) { return (key >> (pass * digit_bits)) & ((1U << digit_bits) - 1); };

  if (elements.size() < 2) return;
  auto counts = std::make_unique<std::array<Counts, passes>>();
  for (const Element& element : elements)
    for (unsigned pass = 0; pass < passes; ++pass) ++(*counts)[pass][digit(key_of(element), pass)];
  spare.resize(elements.size());
  for (unsigned pass = 0; pass < passes; ++pass) {
    Counts& starts = (*counts)[pass];
    // A digit that all keys share needs no pass; that is the rule in the high digits of small numbers.
    if (starts[digit(key_of(elements.front()), pass)] == elements.size()) continue;
    std::uint32_t start = 0;
    for (std::uint32_t& count : starts) start += std::exchange(count, start);
    for (const Element& element : elements) spare[starts[digit(key_of(element), pass)]++] = element;
    elements.swap(spare);
  }
}

}  // namespace circuit::analysis
