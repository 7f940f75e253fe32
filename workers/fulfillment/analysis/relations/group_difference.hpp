// Does a number differ between the groups of a category?
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// One-way analysis of variance over the rows that have both a number (not NaN) and a code from 1 to `levels`. Codes and
// numbers are of equal length, the numbers neither very large nor very small (see scale.hpp). f is the largest double
// where no group varies at all. Nothing unless there are at least two groups, more rows than groups, and numbers that
// differ.
[[nodiscard]] std::optional<GroupDifference> group_difference(std::span<const std::uint32_t> codes,
                                                              std::span<const double> numbers, std::uint32_t levels);

}  // namespace circuit::analysis
