// The most frequent texts of a column, as the reports show them.
#pragma once

#include <cstddef>
#include <vector>

#include "workers/fulfillment/analysis/columns/text_counts.hpp"
#include "workers/fulfillment/analysis/summary.hpp"
#include "workers/fulfillment/analysis/text/utf8.hpp"

namespace circuit::analysis {

inline constexpr std::size_t top_values_max = 10;

// The most frequent ones, clipped.
[[nodiscard]] inline std::vector<TopValue> top_texts(const TextCounts& counts, std::size_t values_max) {
  std::vector<TopValue> result;
  for (const std::uint32_t index : counts.top(values_max)) {
    const TextCounts::Entry& entry = counts.entries()[index];
    result.push_back({clip(entry.text, text_code_points_max), entry.count});
  }
  return result;
}

}  // namespace circuit::analysis
