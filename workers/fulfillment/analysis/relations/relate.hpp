// How the columns of a file go together, two by two.
//
// Numbers with numbers (Pearson, Spearman), categories with numbers (analysis of variance), categories with categories
// (chi-squared); booleans are categories. Up to 64 columns of numbers and 32 of categories, the first ones; of a
// category, rows with one of its 50 most frequent values. Missing values: each pair over the rows that have both.
#pragma once

#include <span>

#include "workers/fulfillment/analysis/columns/values.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

inline constexpr std::size_t pictures_max = 24;
inline constexpr std::size_t pictures_of_kind_max = 10;

// `values` are those of `columns`, one by one; all that are not empty are equally long. The strongest come first; the
// first 24, and the first ten of each kind, have what a picture of them needs. Work is bounded by even samples of the
// rows where there are very many: see pearson.hpp and spearman.hpp; each kind of pair with a category may cost 50
// million rows in total. The n of each measure says how many rows it is from.
[[nodiscard]] Relations relate(std::span<const ColumnSummary> columns, std::span<const ColumnValues> values);

}  // namespace circuit::analysis
