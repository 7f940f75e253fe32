// How much a finding matters: score = 100 x effect x certainty x interest. All three factors go from 0 to 1, so that
// findings of different kinds can be ranked together.
//
//   effect     how large it is. Relations: the strength (|r|, |rho|, correlation ratio, Cramér's V). Trends and
//   seasons:
//              the root of the share of variance they explain, times the change relative to the level, full from a
//              fifth on. Facts about one column: the share of its rows or of its sum that is concerned. Data quality:
//              the root of the share of rows concerned, because a few bad rows can spoil much.
//   certainty  that it is no accident: 0 at p = 0.05 and 1 from p = 0.001 down, in between by the logarithm of p. Facts
//              that were counted and not inferred have n / (n + 10), for the rows that they rest on.
//   interest   of the kind: how often such a finding is news to the owner of the data; see `interest`.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace circuit::analysis {

namespace interest {
// Insights.
inline constexpr double group_difference = 1.0;
inline constexpr double group_share = 1.0;
inline constexpr double curved_relation = 1.0;
inline constexpr double missing_pattern = 0.95;
inline constexpr double straight_relation = 0.9;
inline constexpr double trend = 0.9;
inline constexpr double swing = 0.75;
inline constexpr double season = 0.9;
inline constexpr double association = 0.85;
inline constexpr double count_trend = 0.85;
inline constexpr double count_season = 0.85;
inline constexpr double concentration = 0.8;
inline constexpr double rare_sum = 0.7;
inline constexpr double common_movement = 0.8;
inline constexpr double outliers = 0.6;
inline constexpr double gap = 0.8;
inline constexpr double skew = 0.5;
inline constexpr double mostly_zero = 0.45;
inline constexpr double dominant_value = 0.4;
inline constexpr double hierarchy = 0.3;
// Numbers that both follow time, and even more those whose names share a word ("temp_min" and "temp_max"), are expected
// to go together: the interest in their relation is multiplied by this.
inline constexpr double same_time = 0.6;
inline constexpr double same_word = 0.4;
// A number that is already settled by another category.
inline constexpr double settled = 0.5;
}  // namespace interest

// Findings with less than this are not worth the reader's time.
inline constexpr double score_min = 8;

inline constexpr double p_told_max = 0.05;

[[nodiscard]] inline double certainty_of_p(double p) {
  constexpr double sure = 0.001;
  if (p <= sure) return 1;
  return std::clamp(std::log(p_told_max / p) / std::log(p_told_max / sure), 0.0, 1.0);
}

[[nodiscard]] inline double certainty_of_count(std::size_t n) {
  return static_cast<double>(n) / (static_cast<double>(n) + 10);
}

[[nodiscard]] inline double score(double effect, double certainty, double interest) {
  return 100 * std::clamp(effect, 0.0, 1.0) * certainty * interest;
}

}  // namespace circuit::analysis
