#include <fmt/format.h>

#include <cmath>

#include "workers/fulfillment/analysis/findings/quality_findings.hpp"
#include "workers/fulfillment/analysis/findings/quality_score.hpp"
#include "workers/fulfillment/analysis/findings/relation_findings.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"

namespace circuit::analysis {
namespace {

std::string copy_text(const Relation& relation, const ColumnSummary& first, const ColumnSummary& second) {
  const std::string both = in_quotes(first.name) + " and " + in_quotes(second.name);
  if (!relation.pearson)
    return fmt::format("{} say the same: each value of one always goes with the same value of the other.", both);
  const bool has_same_range = first.numbers && second.numbers && first.numbers->min == second.numbers->min &&
                              first.numbers->max == second.numbers->max && first.numbers->mean == second.numbers->mean;
  if (has_same_range && relation.pearson->r > 0) return fmt::format("{} are copies of each other.", both);
  return fmt::format(
      "{} say the same: one follows from the other along a straight line (correlation {:.4f}), as with "
      "another unit or a sum of the same parts.",
      both, relation.pearson->r);
}

}  // namespace

std::vector<Finding> redundancy_quality(const Analysis& analysis) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < analysis.relations.pairs.size(); ++i) {
    const Relation& relation = analysis.relations.pairs[i];
    if (!is_copy(relation, analysis.columns)) continue;
    findings.push_back(
        {.kind = "redundant",
         .text = copy_text(relation, analysis.columns[relation.first], analysis.columns[relation.second]),
         .score = quality_score(quality_weight::useless) + 5,
         .columns = {relation.first, relation.second},
         .evidence = Evidence::relation,
         .evidence_index = i});
  }
  return findings;
}

}  // namespace circuit::analysis
