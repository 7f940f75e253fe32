#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "workers/fulfillment/analysis/findings/names.hpp"
#include "workers/fulfillment/analysis/findings/relation_findings.hpp"
#include "workers/fulfillment/analysis/findings/score.hpp"
#include "workers/fulfillment/analysis/findings/series_facts.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr double strength_told_min = 0.2;
// Ranks agree so much better than values that no straight line can be meant.
constexpr double curve_excess_min = 0.15;
// Values agree so much better than ranks that a few extreme ones must carry it.
constexpr double few_excess_min = 0.3;
constexpr double together_r_min = 0.9;
constexpr std::size_t together_columns_min = 4;
constexpr std::size_t few_rows = 30;

double rank_correlation(const Relation& relation) {
  return relation.spearman ? relation.spearman->r : relation.pearson->r;
}

bool is_measured(const ColumnSummary& column) { return column.numbers && !is_identifier_name(column.name); }

// Both have a trend or move slowly, which is enough to make them agree.
bool follow_time(const Analysis& analysis, const Relation& relation) {
  constexpr double steady_r_squared = 0.3;
  const auto follows = [&](std::size_t column) {
    return std::ranges::any_of(analysis.series, [&](const TimeSeries& series) {
      if (series.value != column) return false;
      const bool is_steady =
          series.trend && series.trend->p < p_told_max && series.trend->r_squared >= steady_r_squared;
      return is_steady || moves_slowly(series);
    });
  };
  return follows(relation.first) && follows(relation.second);
}

// When one is a step higher, how much higher is the other? By the slope of least squares, r times the deviations'
// ratio; nothing where they are of other rows than the relation.
std::string straight_text(const Relation& relation, const ColumnSummary& x, const ColumnSummary& y) {
  const double r = relation.pearson->r;
  const std::size_t n = relation.pearson->n;
  const char* direction = r < 0 ? "lower" : "higher";
  const auto& x_deviation = x.numbers->standard_deviation;
  const auto& y_deviation = y.numbers->standard_deviation;
  const bool is_of_all_rows = 20 * n >= 19 * std::max(x.count, y.count);
  if (!is_of_all_rows || !x_deviation || !y_deviation || !(*x_deviation > 0))
    return fmt::format("Where {} is higher, {} is {} (correlation {:.2f} in {} rows).", in_quotes(x.name),
                       in_quotes(y.name), direction, r, readable_text(n));
  const double step = round_step(*x_deviation);
  const double change = std::fabs(r) * *y_deviation / *x_deviation * step;
  return fmt::format("Where {} is {} higher, {} is on average {} {} (correlation {:.2f} in {} rows).",
                     in_quotes(x.name), amount(step, x), in_quotes(y.name), amount(change, y), direction, r,
                     readable_text(n));
}

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Medians of y in the lowest and the highest quarter of x, by the sample of points; nothing if they are few or equal.
struct Quarters {
  double low = 0;
  double high = 0;
};

std::optional<Quarters> quarters_of(const Relation& relation) {
  constexpr std::size_t points_min = 20;
  std::vector<Point> points = relation.points;
  if (points.size() < points_min) return std::nullopt;
  std::ranges::stable_sort(points, {}, &Point::x);
  const std::size_t quarter = points.size() / 4;
  std::vector<double> low;
  std::vector<double> high;
  for (std::size_t i = 0; i < quarter; ++i) {
    low.push_back(points[i].y);
    high.push_back(points[points.size() - 1 - i].y);
  }
  const Quarters quarters{median_of(low), median_of(high)};
  return quarters.low == quarters.high ? std::nullopt : std::optional(quarters);
}

std::string curved_text(const Relation& relation, const ColumnSummary& x, const ColumnSummary& y,
                        const Quarters& quarters) {
  return fmt::format(
      "The higher {}, the {} {}, but not along a straight line: where {} is in its lowest quarter, {} is "
      "typically {}, in its highest {} (rank correlation {:.2f}, straight-line correlation {:.2f}, {} "
      "rows).",
      in_quotes(x.name), rank_correlation(relation) < 0 ? "lower" : "higher", in_quotes(y.name), in_quotes(x.name),
      in_quotes(y.name), amount(quarters.low, y), amount(quarters.high, y), rank_correlation(relation),
      relation.pearson->r, readable_text(relation.spearman->n));
}

std::string caveat_of(const Relation& relation, bool is_by_few, bool is_by_time) {
  if (relation.pearson->n < few_rows) return fmt::format("Only {} rows have both values.", relation.pearson->n);
  if (is_by_few)
    return fmt::format("A few extreme values carry this: by rank the two hardly agree ({:.2f}).", relation.spearman->r);
  if (is_by_time) return "Both change slowly with time, which alone can make them agree.";
  return "";
}

Finding number_finding(const Analysis& analysis, std::size_t index) {
  const Relation& relation = analysis.relations.pairs[index];
  const ColumnSummary& x = analysis.columns[relation.first];
  const ColumnSummary& y = analysis.columns[relation.second];
  const double straight = std::fabs(relation.pearson->r);
  const double ranked = std::fabs(rank_correlation(relation));
  const bool is_ranked_better = relation.spearman && ranked >= straight + curve_excess_min;
  const std::optional<Quarters> quarters = is_ranked_better ? quarters_of(relation) : std::nullopt;
  const bool is_curved = quarters.has_value();
  const bool is_by_few = straight >= ranked + few_excess_min;
  const bool is_by_time = follow_time(analysis, relation);
  const double expectation = share_a_word(x.name, y.name) ? interest::same_word : is_by_time ? interest::same_time : 1;
  const double weight = (is_curved ? interest::curved_relation : interest::straight_relation) * expectation;
  // Ranks of which most are ties say little: without a curve to be told, the straight line counts alone.
  const double strength = is_by_few || is_curved ? ranked : straight;
  return {.kind = is_curved ? "curved_relation" : "straight_relation",
          .text = is_curved ? curved_text(relation, x, y, *quarters) : straight_text(relation, x, y),
          .score = score(strength, certainty_of_p(relation.p_adjusted), weight),
          .columns = {relation.first, relation.second},
          .evidence = Evidence::relation,
          .evidence_index = index,
          .caveat = caveat_of(relation, is_by_few, is_by_time)};
}

// ---- many numbers that move together ----

// Columns that are joined by r of 0.9 or more, directly or through others; each named by its first member.
std::vector<std::size_t> clusters_of(const Analysis& analysis) {
  std::vector<std::size_t> parent(analysis.columns.size());
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto root = [&](std::size_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (const Relation& relation : analysis.relations.pairs) {
    if (!relation.pearson || relation.pearson->r < together_r_min || relation.p_adjusted >= p_told_max) continue;
    if (!is_measured(analysis.columns[relation.first]) || !is_measured(analysis.columns[relation.second])) continue;
    const auto [low, high] = std::minmax({root(relation.first), root(relation.second)});
    parent[high] = low;
  }
  for (std::size_t i = 0; i < parent.size(); ++i) parent[i] = root(i);
  return parent;
}

Finding together_finding(const Analysis& analysis, const std::vector<std::size_t>& members, std::size_t strongest) {
  constexpr std::size_t named_max = 3;
  std::vector<std::string> names;
  for (const std::size_t column : members) names.push_back(analysis.columns[column].name);
  const Relation& relation = analysis.relations.pairs[strongest];
  return {.kind = "common_movement",
          .text = fmt::format("{} columns rise and fall together: {}. Each of them has a correlation of 0.9 or more "
                              "with another one, so to look at one or two of them is mostly enough.",
                              members.size(), quoted_list(names, named_max)),
          .score = score(relation.strength, certainty_of_p(relation.p_adjusted), interest::common_movement),
          .columns = members,
          .evidence = Evidence::relation,
          .evidence_index = strongest,
          .caveat =
              follow_time(analysis, relation) ? "They change slowly with time, which alone can make them agree." : ""};
}

}  // namespace

std::vector<Finding> number_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  const std::vector<std::size_t> cluster = clusters_of(analysis);
  std::map<std::size_t, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < cluster.size(); ++i) members[cluster[i]].push_back(i);
  std::map<std::size_t, std::size_t> strongest;  // pair of each large cluster; pairs come strongest first
  const auto& pairs = analysis.relations.pairs;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Relation& relation = pairs[i];
    if (!relation.pearson || relation.p_adjusted >= p_told_max || relation.strength < strength_told_min) continue;
    const ColumnSummary& x = analysis.columns[relation.first];
    const ColumnSummary& y = analysis.columns[relation.second];
    if (!is_measured(x) || !is_measured(y)) continue;
    const std::size_t both = cluster[relation.first];
    if (both == cluster[relation.second] && members[both].size() >= together_columns_min) {
      strongest.try_emplace(both, i);
    } else if (!is_copy(relation, analysis.columns)) {
      findings.push_back(number_finding(analysis, i));
    }
  }
  for (const auto& [first, pair] : strongest) findings.push_back(together_finding(analysis, members[first], pair));
  return findings;
}

}  // namespace circuit::analysis
