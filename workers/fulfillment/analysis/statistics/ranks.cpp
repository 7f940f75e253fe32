#include "workers/fulfillment/analysis/statistics/ranks.hpp"

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/statistics/radix_sort.hpp"
#include "workers/fulfillment/analysis/statistics/sort_numbers.hpp"

namespace circuit::analysis {
namespace {

using Entry = RankSpace::Entry;

void sort_entries(RankSpace& space) {
  std::vector<Entry>& entries = space.entries;
  const auto key = [](const Entry& entry) { return high_half(entry.value); };
  radix_sort(entries, space.spare, key);
  for (auto from = entries.begin(); from != entries.end();) {
    const auto to = std::find_if(from + 1, entries.end(), [&](const Entry& entry) { return key(entry) != key(*from); });
    std::sort(from, to, [](const Entry& a, const Entry& b) { return a.value < b.value; });
    from = to;
  }
}

}  // namespace

Places places_of(std::span<const double> values, RankSpace& space) {
  space.entries.clear();
  for (std::size_t row = 0; row < values.size(); ++row)
    if (!std::isnan(values[row])) space.entries.push_back({values[row], static_cast<std::uint32_t>(row)});
  sort_entries(space);
  Places result{std::vector<std::uint32_t>(values.size(), no_place), 0};
  double last = 0;
  for (const auto [value, row] : space.entries) {
    if (result.distinct == 0 || value != last) ++result.distinct;
    last = value;
    result.places[row] = static_cast<std::uint32_t>(result.distinct - 1);
  }
  return result;
}

std::vector<double> ranks_of_places(std::span<const std::uint32_t> places, std::size_t distinct) {
  std::vector<std::uint32_t> counts(distinct);
  for (const std::uint32_t place : places) ++counts[place];
  std::vector<double> rank_of_place(distinct);
  std::size_t before = 0;
  for (std::size_t place = 0; place < distinct; ++place) {
    rank_of_place[place] = static_cast<double>(before) + (static_cast<double>(counts[place]) + 1) / 2;
    before += counts[place];
  }
  std::vector<double> ranks(places.size());
  std::ranges::transform(places, ranks.begin(), [&](std::uint32_t place) { return rank_of_place[place]; });
  return ranks;
}

std::vector<double> ranks(std::span<const double> values) {
  RankSpace space;
  const Places places = places_of(values, space);
  return ranks_of_places(places.places, places.distinct);
}

}  // namespace circuit::analysis
