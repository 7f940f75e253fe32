// Do two categories go together?
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// Pearson's chi-squared test of independence, without a continuity correction, over the rows in which both codes are
// from 1 to `levels`; the columns are of equal length. Cramér's V as it is (1946), and corrected for the bias that many
// values and few rows bring (Bergsma 2013). Nothing unless both have at least two values and there are three rows.
[[nodiscard]] std::optional<Association> association(std::span<const std::uint32_t> first,
                                                     std::span<const std::uint32_t> second, std::uint32_t levels);

}  // namespace circuit::analysis
