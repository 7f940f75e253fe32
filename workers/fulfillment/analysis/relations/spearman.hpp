// Spearman's rho of every pair of number columns: Pearson's r of their ranks.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "workers/fulfillment/analysis/relations/compared_columns.hpp"

namespace circuit::analysis {

// In the order of number_pairs(); nothing where it is not defined. Ties share the mean of their ranks, and each pair is
// ranked among the rows in which both columns have a value. Over an even sample of 100,000 rows at most; fewer if
// that would still take too long: a row costs 1 in a pair of complete columns and 30 in any other, and all pairs
// together may cost 600 million.
[[nodiscard]] std::vector<std::optional<Correlation>> spearman_of_pairs(std::span<const ComparedNumbers> columns);

}  // namespace circuit::analysis
