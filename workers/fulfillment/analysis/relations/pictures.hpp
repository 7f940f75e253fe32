// What a chart of two columns is drawn from.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "workers/fulfillment/analysis/relations/compared_columns.hpp"

namespace circuit::analysis {

inline constexpr std::size_t points_max = 400;
inline constexpr std::size_t groups_max = 12;
inline constexpr std::size_t cross_table_side_max = 8;

// An even sample of the rows that have both, in their order.
[[nodiscard]] std::vector<Point> points_of(const ComparedNumbers& x, const ComparedNumbers& y);

// The most frequent values of the category among the rows that have both, by falling mean of the number. Of more than
// 100,000 rows, the quartiles are those of an even sample.
[[nodiscard]] std::vector<Group> groups_of(const ComparedCategory& category, const ComparedNumbers& number);

// The most frequent values of each among the rows that have both, most frequent first.
[[nodiscard]] CrossTable cross_table_of(const ComparedCategory& first, const ComparedCategory& second);

}  // namespace circuit::analysis
