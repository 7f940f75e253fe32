#include "workers/fulfillment/analysis/columns/missing_map.hpp"

#include <algorithm>
#include <vector>

namespace circuit::analysis {

std::optional<MissingMap> missing_map(std::span<const Column> columns, std::size_t rows) {
  constexpr std::size_t columns_max = 60;
  MissingMap map;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].summary.missing > 0) map.columns.push_back(i);
  if (map.columns.empty()) return std::nullopt;
  if (map.columns.size() > columns_max) {
    std::stable_sort(map.columns.begin(), map.columns.end(), [&](std::size_t a, std::size_t b) {
      return columns[a].summary.missing > columns[b].summary.missing;
    });
    map.columns.resize(columns_max);
    std::sort(map.columns.begin(), map.columns.end());
  }
  map.rows_per_band = MissingBands::rows_per_band(rows);
  for (const std::size_t column : map.columns) map.missing.push_back(columns[column].missing_bands.counts(rows));
  return map;
}

}  // namespace circuit::analysis
