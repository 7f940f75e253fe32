// Ranks, for measures that look at the order of values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace circuit::analysis {

inline constexpr std::uint32_t no_place = UINT32_MAX;

// Where each value stands among the different values, from 0; no_place for a missing one (NaN). At most 2^32 - 2
// values.
struct Places {
  std::vector<std::uint32_t> places;
  std::size_t distinct = 0;
};

// The memory that ranking works in; who ranks many columns keeps one.
struct RankSpace {
  struct Entry {
    double value;
    std::uint32_t row;
  };
  std::vector<Entry> entries;
  std::vector<Entry> spare;
};

[[nodiscard]] Places places_of(std::span<const double> values, RankSpace& space);

// The ranks, from 1, of some rows whose places are known, so that no rows need to be sorted again when some are left
// out. Ties share the mean of their ranks. All places are below `distinct`.
[[nodiscard]] std::vector<double> ranks_of_places(std::span<const std::uint32_t> places, std::size_t distinct);

// Of finite numbers: R's rank() with its default for ties.
[[nodiscard]] std::vector<double> ranks(std::span<const double> values);

}  // namespace circuit::analysis
