// sort_numbers() of statistics.hpp: a least-significant-digit radix sort over the bits of the doubles.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <utility>

#include "workers/fulfillment/analysis/statistics.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t small = 512;
constexpr unsigned digit_bits = 11;
constexpr std::size_t digit_values = std::size_t{1} << digit_bits;
constexpr unsigned passes = 6;
static_assert(passes * digit_bits >= 64);

using Histograms = std::array<std::array<std::uint32_t, digit_values>, passes>;

// Maps doubles to integers of the same order: negative numbers are stored with all bits to flip, others with the sign.
std::uint64_t to_key(double value) {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(value);
  return (bits >> 63) != 0 ? ~bits : bits | (std::uint64_t{1} << 63);
}

double from_key(std::uint64_t key) {
  return std::bit_cast<double>((key >> 63) != 0 ? key & ~(std::uint64_t{1} << 63) : ~key);
}

std::size_t digit(std::uint64_t key, unsigned pass) { return (key >> (pass * digit_bits)) & (digit_values - 1); }

void scatter(std::vector<std::uint64_t>& keys, std::vector<std::uint64_t>& spare, unsigned pass,
             std::array<std::uint32_t, digit_values>& counts) {
  std::uint32_t start = 0;
  for (std::uint32_t& count : counts) start += std::exchange(count, start);
  for (const std::uint64_t key : keys) spare[counts[digit(key, pass)]++] = key;
  keys.swap(spare);
}

}  // namespace

void sort_numbers(std::vector<double>& values) {
  if (values.size() < small || values.size() > UINT32_MAX) return std::sort(values.begin(), values.end());
  std::vector<std::uint64_t> keys(values.size());
  std::transform(values.begin(), values.end(), keys.begin(), to_key);
  auto histograms = std::make_unique<Histograms>();
  for (const std::uint64_t key : keys)
    for (unsigned pass = 0; pass < passes; ++pass) ++(*histograms)[pass][digit(key, pass)];
  std::vector<std::uint64_t> spare(keys.size());
  for (unsigned pass = 0; pass < passes; ++pass) {
    auto& counts = (*histograms)[pass];
    // A digit that all keys share needs no pass; that is the rule in the low digits of small whole numbers.
    if (counts[digit(keys.front(), pass)] == keys.size()) continue;
    scatter(keys, spare, pass, counts);
  }
  std::transform(keys.begin(), keys.end(), values.begin(), from_key);
}

}  // namespace circuit::analysis
