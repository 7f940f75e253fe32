// Most columns hold decimals of a few digits, such as prices. Those are sorted as the whole numbers of their last
// decimal place, which takes a third of the time; all others by the bits of the doubles.
#include "workers/fulfillment/analysis/statistics/sort_numbers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>

#include "workers/fulfillment/analysis/statistics/radix_sort.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t small = 256;  // below, std::sort is as fast

// Adding and taking it away again rounds to a whole number, for magnitudes up to 2^51;
// the bound leaves room for numbers that a later block makes larger.
constexpr double to_whole = 0x1.8p52;
constexpr double whole_max = 0x1p50;

// True if each value is the double nearest to a whole number over `scale`, a power of ten.
bool are_wholes_over(std::span<const double> values, double scale) {
  bool all = true;
  for (const double value : values) {
    const double whole = (value * scale + to_whole) - to_whole;
    all &= (whole / scale == value) & (std::fabs(whole) < whole_max);
  }
  return all;
}

// The smallest power of ten that makes whole numbers of all values.
std::optional<double> common_scale(std::span<const double> values) {
  constexpr std::size_t block = 512;
  double scale = 1;
  for (std::size_t i = 0; i < values.size();) {
    if (are_wholes_over(values.subspan(i, std::min(block, values.size() - i)), scale)) {
      i += block;
    } else if (scale *= 10; scale > 1e6) {
      return std::nullopt;
    }
  }
  return scale;
}

// False, and nothing done, if the values are no such decimals or lie too far apart.
bool sort_decimals(std::vector<double>& values, SortSpace& space) {
  const auto scale = common_scale(values);
  if (!scale) return false;
  const auto [min, max] = std::minmax_element(values.begin(), values.end());
  const double lowest = std::round(*min * *scale);
  if (std::round(*max * *scale) - lowest > static_cast<double>(UINT32_MAX)) return false;
  space.wholes.resize(values.size());
  // With 2^52 added, the lowest bits of the double are those of the whole number.
  std::transform(values.begin(), values.end(), space.wholes.begin(), [&](double value) {
    const double whole = (value * *scale + to_whole) - to_whole;
    return static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>((whole - lowest) + 0x1p52));
  });
  radix_sort(space.wholes, space.spare_wholes, [](std::uint32_t whole) { return whole; });
  std::transform(space.wholes.begin(), space.wholes.end(), values.begin(),
                 [&](std::uint32_t whole) { return (static_cast<double>(whole) + lowest) / *scale; });
  return true;
}

// By the upper half of the bits first, which tells numbers apart that differ in their first six digits; what that
// leaves equal are mostly runs of a few.
void sort_by_bits(std::vector<double>& values, SortSpace& space) {
  radix_sort(values, space.numbers, high_half);
  for (auto from = values.begin(); from != values.end();) {
    const std::uint32_t high = high_half(*from);
    const auto to = std::find_if(from + 1, values.end(), [&](double value) { return high_half(value) != high; });
    std::sort(from, to);
    from = to;
  }
}

}  // namespace

void sort_numbers(std::vector<double>& values, SortSpace& space) {
  if (values.size() < small || values.size() > UINT32_MAX) return std::sort(values.begin(), values.end());
  if (!sort_decimals(values, space)) sort_by_bits(values, space);
}

void sort_numbers(std::vector<double>& values) {
  SortSpace space;
  sort_numbers(values, space);
}

}  // namespace circuit::analysis
