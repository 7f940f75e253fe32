#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/findings/names.hpp"
#include "workers/fulfillment/analysis/findings/relation_findings.hpp"
#include "workers/fulfillment/analysis/findings/score.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr double ratio_told_min = 0.15;

// What of the correlation ratio is left when the share that groups explain by chance is taken off (Kelley's epsilon
// squared, 1935): many small groups always seem to differ.
double adjusted_ratio(const GroupDifference& difference) {
  const auto n = static_cast<double>(difference.n);
  const auto groups = static_cast<double>(difference.groups);
  if (n <= groups) return 0;
  return std::sqrt(std::max(0.0, 1 - (1 - difference.eta_squared) * (n - 1) / (n - groups)));
}

struct Extremes {
  const Group* high = nullptr;
  const Group* low = nullptr;
};

// Among the groups that are not tiny.
Extremes extremes_of(const Relation& relation) {
  const std::size_t rows_min = std::max<std::size_t>(5, relation.difference->n / 200);
  Extremes extremes;
  for (const Group& group : relation.groups) {
    if (group.n < rows_min) continue;
    if (!extremes.high || group.mean > extremes.high->mean) extremes.high = &group;
    if (!extremes.low || group.mean < extremes.low->mean) extremes.low = &group;
  }
  return extremes;
}

std::string group_text(const ColumnSummary& category, const ColumnSummary& number, const Extremes& extremes,
                       double share) {
  return fmt::format(
      "{} depends on {}: it is {} on average where that is {} ({} rows), but {} where it is {} ({} rows). "
      "{} accounts for {} of its variance.",
      in_quotes(number.name), in_quotes(category.name), amount(extremes.high->mean, number),
      in_quotes(extremes.high->label), readable_text(extremes.high->n), amount(extremes.low->mean, number),
      in_quotes(extremes.low->label), readable_text(extremes.low->n), in_quotes(category.name), share_text(share));
}

std::string skew_caveat(const ColumnSummary& number, const Extremes& extremes) {
  constexpr double strong_skew = 2;
  if (std::fabs(number.numbers->skewness.value_or(0)) < strong_skew) return "";
  return fmt::format("A few large values weigh heavily in these averages; the medians are {} and {}.",
                     amount(extremes.high->median, number), amount(extremes.low->median, number));
}

// eta squared of nearly 1 although the groups have several rows each: the category settles the number.
bool is_settled(const GroupDifference& difference) {
  return difference.eta_squared >= copy_strength_min && difference.n >= 2 * difference.groups &&
         difference.n >= copy_rows_min;
}

Finding settled_finding(const Relation& relation, std::size_t index, const ColumnSummary& category,
                        const ColumnSummary& number) {
  return {.kind = "hierarchy",
          .text = fmt::format("Each {} has its own {}: the number is (nearly) the same in all of its rows.",
                              in_quotes(category.name), in_quotes(number.name)),
          .score = score(1, certainty_of_p(relation.p_adjusted), interest::hierarchy),
          .columns = {relation.first, relation.second},
          .evidence = Evidence::relation,
          .evidence_index = index};
}

}  // namespace

std::vector<Finding> group_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < analysis.relations.pairs.size(); ++i) {
    const Relation& relation = analysis.relations.pairs[i];
    if (!relation.difference || relation.p_adjusted >= p_told_max) continue;
    const ColumnSummary& category = analysis.columns[relation.first];
    const ColumnSummary& number = analysis.columns[relation.second];
    if (!number.numbers || is_identifier_name(number.name)) continue;
    if (is_settled(*relation.difference)) {
      findings.push_back(settled_finding(relation, i, category, number));
      continue;
    }
    const Extremes extremes = extremes_of(relation);
    const double ratio = adjusted_ratio(*relation.difference);
    if (ratio < ratio_told_min || extremes.high == extremes.low) continue;
    findings.push_back({.kind = "group_difference",
                        .text = group_text(category, number, extremes, relation.difference->eta_squared),
                        .score = score(ratio, certainty_of_p(relation.p_adjusted), interest::group_difference),
                        .columns = {relation.first, relation.second},
                        .evidence = Evidence::relation,
                        .evidence_index = i,
                        .caveat = skew_caveat(number, extremes)});
  }
  return findings;
}

}  // namespace circuit::analysis
