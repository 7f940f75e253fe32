// What relations between columns say: numbers that go together, groups that differ, categories that hang together, and
// columns of which one settles the other. Copies are no insight; they are told as redundant (quality).
#pragma once

#include <vector>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// Two columns say the same if a line, or one-to-one pairs of values, turn one into the other.
inline constexpr double copy_strength_min = 0.9995;
inline constexpr std::size_t copy_rows_min = 10;

[[nodiscard]] bool is_copy(const Relation& relation, const std::vector<ColumnSummary>& columns);

// Straight and curved relations of two numbers, and numbers that all move together. Numbers in columns with the name of
// an identifier are left out.
[[nodiscard]] std::vector<Finding> number_findings(const Analysis& analysis);

// A number that differs between the values of a category; the value of one column settles that of another.
[[nodiscard]] std::vector<Finding> group_findings(const Analysis& analysis);

// Two categories.
[[nodiscard]] std::vector<Finding> association_findings(const Analysis& analysis);

}  // namespace circuit::analysis
