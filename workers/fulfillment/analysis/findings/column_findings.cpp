#include "workers/fulfillment/analysis/findings/column_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "workers/fulfillment/analysis/findings/names.hpp"
#include "workers/fulfillment/analysis/findings/placeholder.hpp"
#include "workers/fulfillment/analysis/findings/score.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t values_min = 20;

double share_of(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

Finding about_column(const char* kind, std::size_t index, std::string text, double points) {
  return {.kind = kind,
          .text = std::move(text),
          .score = points,
          .columns = {index},
          .evidence = Evidence::column,
          .evidence_index = index};
}

// ---- the shape of a column of numbers ----

std::optional<Finding> concentration(const ColumnSummary& column, std::size_t index) {
  constexpr double told_min = 0.6;
  const NumberSummary& numbers = *column.numbers;
  if (numbers.top_tenth_share < told_min) return std::nullopt;
  const std::size_t others = column.count - numbers.zeros;
  const bool is_rare = 10 * others <= column.count;
  const double points = score(numbers.top_tenth_share, certainty_of_count(column.count),
                              is_rare ? interest::rare_sum : interest::concentration);
  std::string text;
  if (is_rare)
    text = fmt::format("{} is 0 in {} of its rows: the whole sum of {} comes from the other {} rows.",
                       in_quotes(column.name), percent_text(numbers.zeros, column.count), amount(numbers.sum, column),
                       readable_text(others));
  else if (2 * numbers.zeros >= column.count)
    text = fmt::format("{} is 0 in {} of its rows, and the largest tenth of its values holds {} of its sum.",
                       in_quotes(column.name), percent_text(numbers.zeros, column.count),
                       share_text(numbers.top_tenth_share));
  else
    text = fmt::format("The largest tenth of the values of {} holds {} of its sum ({} in all).", in_quotes(column.name),
                       share_text(numbers.top_tenth_share), amount(numbers.sum, column));
  return about_column("concentration", index, std::move(text), points);
}

std::optional<Finding> mostly_zero(const ColumnSummary& column, std::size_t index) {
  const std::size_t zeros = column.numbers->zeros;
  if (2 * zeros < column.count || column.top_values.empty()) return std::nullopt;
  return about_column(
      "mostly_zero", index,
      fmt::format("{} is 0 in {} of its rows.", in_quotes(column.name), percent_text(zeros, column.count)),
      score(share_of(zeros, column.count), certainty_of_count(column.count), interest::mostly_zero));
}

// A few values so far from the middle half that they must be told: more than ten times as far as half of the values
// are.
std::optional<Finding> far_values(const ColumnSummary& column, std::size_t index) {
  constexpr double far_distances = 15;
  const NumberSummary& numbers = *column.numbers;
  const double distance = numbers.median_absolute_deviation;
  if (!numbers.robust || !(distance > 0) || placeholder_of(column)) return std::nullopt;
  const std::size_t far = numbers.robust->count();
  if (far == 0 || far * 100 > numbers.order_n) return std::nullopt;
  const bool is_above = numbers.max - numbers.median >= numbers.median - numbers.min;
  const double extreme = is_above ? numbers.max : numbers.min;
  const double times = std::fabs(extreme - numbers.median) / distance;
  if (times < far_distances) return std::nullopt;
  // Both sides are counted only if there are two.
  const std::size_t count = is_above ? numbers.robust->above : numbers.robust->below;
  return about_column(
      "outliers", index,
      fmt::format(
          "{} of {} {} far {} the rest, the farthest at {}; the median is {}, and nine tenths of the values lie "
          "between {} and {}.",
          counted(count, "value"), in_quotes(column.name), count == 1 ? "lies" : "lie", is_above ? "above" : "below",
          amount(extreme, column), amount(numbers.median, column), amount(numbers.percentile_5, column),
          amount(numbers.percentile_95, column)),
      score(std::min(1.0, times / 50), certainty_of_count(column.count), interest::outliers));
}

std::optional<Finding> skew(const ColumnSummary& column, std::size_t index) {
  constexpr double told_min = 0.2;
  const NumberSummary& numbers = *column.numbers;
  const double distance = std::fabs(numbers.mean - numbers.median);
  const double deviation = numbers.standard_deviation.value_or(0);
  // The distance is one standard deviation at most (Hotelling and Solomons 1932).
  if (!(deviation > 0) || distance < told_min * deviation || distance < told_min * std::fabs(numbers.median))
    return std::nullopt;
  return about_column(
      "skew", index,
      fmt::format(
          "The average of {} ({}) is far {} its median ({}), because of a few very {} values: for a typical row "
          "use the median.",
          in_quotes(column.name), amount(numbers.mean, column), numbers.mean > numbers.median ? "above" : "below",
          amount(numbers.median, column), numbers.mean > numbers.median ? "large" : "small"),
      score(distance / deviation, certainty_of_count(column.count), interest::skew));
}

std::optional<Finding> shape(const ColumnSummary& column, std::size_t index) {
  if (auto found = concentration(column, index)) return found;
  if (auto found = mostly_zero(column, index)) return found;
  if (auto found = far_values(column, index)) return found;
  return skew(column, index);
}

}  // namespace

std::vector<Finding> shape_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < analysis.columns.size(); ++i) {
    const ColumnSummary& column = analysis.columns[i];
    if (!column.is_numeric() || !column.numbers || column.count < values_min || is_identifier_name(column.name))
      continue;
    if (auto found = shape(column, i)) findings.push_back(std::move(*found));
  }
  return findings;
}

std::vector<Finding> dominant_findings(const Analysis& analysis) {
  constexpr double told_min = 0.8;
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < analysis.columns.size(); ++i) {
    const ColumnSummary& column = analysis.columns[i];
    if (!column.is_category() || column.top_values.empty() || column.count < values_min) continue;
    const TopValue& top = column.top_values.front();
    const double share = share_of(top.count, column.count);
    if (share < told_min) continue;
    findings.push_back(
        about_column("dominant_value", i,
                     fmt::format("{} is {} in {} of its rows; only {} have another value.", in_quotes(column.name),
                                 in_quotes(top.text), percent_text(top.count, column.count),
                                 readable_text(column.count - top.count)),
                     score(share, certainty_of_count(column.count), interest::dominant_value)));
  }
  return findings;
}

std::vector<Finding> missing_pattern_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  for (const MissingPattern& pattern : analysis.missing_patterns) {
    const std::string category = in_quotes(analysis.columns[pattern.category].name);
    const std::string column = in_quotes(analysis.columns[pattern.column].name);
    Finding finding = about_column(
        "missing_pattern", pattern.column,
        fmt::format("{} is not missing by chance: it is missing in {} of the rows where {} is {} ({} of {}), but in {} "
                    "where that is {} ({} of {}).",
                    column, percent_text(pattern.high_missing, pattern.high_rows), category,
                    in_quotes(pattern.high_label), readable_text(pattern.high_missing),
                    readable_text(pattern.high_rows), percent_text(pattern.low_missing, pattern.low_rows),
                    in_quotes(pattern.low_label), readable_text(pattern.low_missing), readable_text(pattern.low_rows)),
        score(pattern.cramers_v, certainty_of_p(pattern.p), interest::missing_pattern));
    finding.columns.push_back(pattern.category);
    finding.caveat = fmt::format("Averages of {} speak only for the rows that have it.", column);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace circuit::analysis
