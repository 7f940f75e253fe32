// Values that do not mean what they say: -999 for "unknown", 1900-01-01 for "no date".
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

struct Placeholder {
  std::string text;
  std::size_t count = 0;  // 0: at least one
};

// A number is taken for a placeholder if it is the smallest or the largest value, one of the usual ones (-1, -99, -999
// …, 999, 9999 …), and further from the median than 15 times the median distance is. A date is, if it is the value of a
// twentieth of the rows and ten times as frequent as any other. Nothing otherwise.
[[nodiscard]] std::optional<Placeholder> placeholder_of(const ColumnSummary& column);

}  // namespace circuit::analysis
