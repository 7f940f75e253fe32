// Pearson's r of every pair of number columns.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "workers/fulfillment/analysis/relations/compared_columns.hpp"

namespace circuit::analysis {

// In the order of number_pairs(); nothing where it is not defined. Each over the rows in which both columns have a
// value, like R's use = "pairwise.complete.obs". Over all rows, unless that would take too long: a row costs 1 in a
// pair of complete columns and 8 in any other, and all pairs together may cost 800 million; then over an even sample of
// the rows.
[[nodiscard]] std::vector<std::optional<Correlation>> pearson_of_pairs(std::span<const ComparedNumbers> columns);

}  // namespace circuit::analysis
