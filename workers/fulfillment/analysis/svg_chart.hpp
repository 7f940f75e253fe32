// Charts as inline SVG: coloured by the page's style sheet, named by a <title> for those who cannot see them.
#pragma once

#include <cstddef>
#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// Adjacent bars, one per bin, with the outer edges below. `id` must be unique in the page. Needs a distribution.
[[nodiscard]] std::string histogram_svg(const ColumnSummary& column, std::size_t id);

// One horizontal bar per top value, with its label and count. Needs at least one top value.
[[nodiscard]] std::string bars_svg(const ColumnSummary& column, std::size_t id);

}  // namespace circuit::analysis
