// Scores of findings about data quality; see score.hpp for the formula. They are facts, so that they are certain.
#pragma once

#include <cmath>
#include <cstddef>

#include "workers/fulfillment/analysis/findings/score.hpp"

namespace circuit::analysis {

// By the root of the share of rows (or cells) concerned, because a few bad ones can spoil much.
[[nodiscard]] inline double quality_score(std::size_t part, std::size_t whole, double weight) {
  return whole == 0 ? 0 : score(std::sqrt(static_cast<double>(part) / static_cast<double>(whole)), 1, weight);
}

// Of what concerns the file as a whole.
[[nodiscard]] inline double quality_score(double weight) { return score(1, 1, weight); }

namespace quality_weight {
inline constexpr double misread = 0.9;       // the file may have been taken for something it is not
inline constexpr double left_out = 0.9;      // a part of the data is in no figure
inline constexpr double wrong_values = 1.0;  // values that are wrong or stand for something else
inline constexpr double missing = 0.8;
inline constexpr double repeated = 0.8;
inline constexpr double untidy = 0.5;   // spellings, names, lines: easily mended
inline constexpr double useless = 0.3;  // columns that add nothing
inline constexpr double remark = 0.15;  // how something was read
}  // namespace quality_weight

}  // namespace circuit::analysis
