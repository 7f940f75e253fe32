// An analysis in which everything that a report can show is there: two invented years of an ice-cream stand, day by
// day. The data are made by a fixed rule, and the figures from them by the shortest code, so that they fit together; no
// test may take them for the product's own figures.
#pragma once

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

[[nodiscard]] Analysis full_analysis();

// `columns` columns, each with everything that a column can have, named and filled with text that does harm where it is
// not escaped, and as long as text gets.
[[nodiscard]] Analysis hostile_analysis(std::size_t columns);

}  // namespace circuit::analysis
