#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

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
      "{} depends on {}: on average it is {} for {} ({} rows), but {} for {} ({} rows). {} explains {} of "
      "its variation.",
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

// The group that has most more of the sum than of the rows.
struct SumShare {
  const Group* group = nullptr;
  double of_rows = 0;
  double of_sum = 0;

  [[nodiscard]] double excess() const { return of_sum - of_rows; }
};

// Only for what adds up: no negative values, and the relation covers (nearly) all of them.
SumShare largest_share(const Relation& relation, const NumberSummary& number, std::size_t count) {
  SumShare largest;
  if (number.negatives > 0 || !(number.sum > 0) || 20 * relation.difference->n < 19 * count) return largest;
  for (const Group& group : relation.groups) {
    const auto n = static_cast<double>(group.n);
    const SumShare share{&group, n / static_cast<double>(relation.difference->n),
                         std::min(1.0, n * group.mean / number.sum)};
    if (!largest.group || share.excess() > largest.excess()) largest = share;
  }
  return largest;
}

Finding share_finding(const ColumnSummary& category, const ColumnSummary& number, const SumShare& share,
                      double certainty) {
  return {.kind = "group_share",
          .text = fmt::format("{} of the rows hold {} of all {}: those where {} is {} ({} rows, {} on average; {} over "
                              "all rows).",
                              share_text(share.of_rows), share_text(share.of_sum), in_quotes(number.name),
                              in_quotes(category.name), in_quotes(share.group->label), readable_text(share.group->n),
                              amount(share.group->mean, number), amount(number.numbers->mean, number)),
          .score = score(share.excess(), certainty, interest::group_share)};
}

// The groups have several rows each and yet hardly vary: the category settles the number, as a product does its price.
bool is_settled(const GroupDifference& difference) {
  constexpr double settled_min = 0.95;
  return difference.eta_squared >= settled_min && difference.n >= 2 * difference.groups &&
         difference.n >= copy_rows_min;
}

// A group that holds most of a sum says more than averages do where a few rows are huge.
std::optional<Finding> told_of(const Relation& relation, const ColumnSummary& category, const ColumnSummary& number) {
  constexpr double excess_told_min = 0.3;
  const double certainty = certainty_of_p(relation.p_adjusted);
  const SumShare share = largest_share(relation, *number.numbers, number.count);
  const double ratio = adjusted_ratio(*relation.difference);
  if (share.group && share.excess() >= std::max(excess_told_min, ratio))
    return share_finding(category, number, share, certainty);
  const Extremes extremes = extremes_of(relation);
  if (ratio < ratio_told_min || extremes.high == extremes.low) return std::nullopt;
  return Finding{.kind = "group_difference",
                 .text = group_text(category, number, extremes, relation.difference->eta_squared),
                 .score = score(ratio, certainty, interest::group_difference),
                 .caveat = skew_caveat(number, extremes)};
}

// Numbers that one category settles: what other categories say about them is mostly that again.
std::set<std::size_t> settled_numbers(const Relations& relations) {
  std::set<std::size_t> numbers;
  for (const Relation& relation : relations.pairs)
    if (relation.difference && is_settled(*relation.difference)) numbers.insert(relation.second);
  return numbers;
}

Finding settled_finding(const Relation& relation, std::size_t index, const ColumnSummary& category,
                        const ColumnSummary& number) {
  return {.kind = "hierarchy",
          .text = fmt::format("Each {} has its own {}: it explains {} of its variation.", in_quotes(category.name),
                              in_quotes(number.name), share_text(relation.difference->eta_squared)),
          .score = score(1, certainty_of_p(relation.p_adjusted), interest::hierarchy),
          .columns = {relation.first, relation.second},
          .evidence = Evidence::relation,
          .evidence_index = index};
}

}  // namespace

std::vector<Finding> group_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  const std::set<std::size_t> settled = settled_numbers(analysis.relations);
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
    if (auto finding = told_of(relation, category, number)) {
      finding->columns = {relation.first, relation.second};
      finding->evidence = Evidence::relation;
      finding->evidence_index = i;
      if (settled.contains(relation.second)) finding->score *= interest::settled;
      findings.push_back(std::move(*finding));
    }
  }
  return findings;
}

}  // namespace circuit::analysis
