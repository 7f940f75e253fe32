#include "workers/fulfillment/analysis/findings/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <span>

#include "workers/fulfillment/analysis/findings/caveats.hpp"
#include "workers/fulfillment/analysis/findings/column_findings.hpp"
#include "workers/fulfillment/analysis/findings/placeholder.hpp"
#include "workers/fulfillment/analysis/findings/quality_findings.hpp"
#include "workers/fulfillment/analysis/findings/relation_findings.hpp"
#include "workers/fulfillment/analysis/findings/selection.hpp"
#include "workers/fulfillment/analysis/findings/series_findings.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

using Family = std::vector<Finding> (*)(const Analysis&);

constexpr Family insight_families[] = {group_findings,    number_findings,         association_findings, trend_findings,
                                       swing_findings,    season_findings,         gap_findings,         shape_findings,
                                       dominant_findings, missing_pattern_findings};
constexpr Family quality_families[] = {file_quality, column_quality, redundancy_quality};

// What rests on values of which some only stand for “unknown” counts less and says so.
void distrust_placeholders(std::vector<Finding>& findings, const Analysis& analysis) {
  constexpr double trust = 0.5;
  std::vector<std::optional<Placeholder>> placeholders;
  for (const ColumnSummary& column : analysis.columns)
    placeholders.push_back(column.is_numeric() ? placeholder_of(column) : std::nullopt);
  for (Finding& finding : findings)
    for (const std::size_t column : finding.columns) {
      if (!placeholders[column] || finding.kind == "missing_pattern") continue;
      finding.score *= trust;
      finding.caveat = fmt::format("{} holds {}, which most likely stands for “unknown” and distorts this.",
                                   in_quotes(analysis.columns[column].name), placeholders[column]->text);
      break;
    }
}

std::vector<Finding> all_of(std::span<const Family> families, const Analysis& analysis) {
  std::vector<Finding> findings;
  for (const Family family : families) std::ranges::move(family(analysis), std::back_inserter(findings));
  return findings;
}

// To a hundredth: what is below comes from the last digits of logarithms, which differ between processors.
void round_scores(std::vector<Finding>& findings) {
  for (Finding& finding : findings) finding.score = std::clamp(std::round(finding.score * 100) / 100, 0.0, 100.0);
}

}  // namespace

void find_insights(Analysis& analysis) {
  std::vector<Finding> findings = all_of(insight_families, analysis);
  distrust_placeholders(findings, analysis);
  round_scores(findings);
  analysis.insights = select_findings(std::move(findings), analysis, insights_max);
  analysis.caveats = caveats_of(analysis);
}

void find_quality(Analysis& analysis) {
  std::vector<Finding> findings = all_of(quality_families, analysis);
  round_scores(findings);
  std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) { return a.score > b.score; });
  if (findings.size() > quality_findings_max) {
    const std::size_t more = findings.size() - quality_findings_max;
    findings.resize(quality_findings_max);
    findings.push_back({.kind = "more",
                        .text = fmt::format("And {} of less weight.", counted(more, "more finding")),
                        .evidence = Evidence::quality});
  }
  analysis.quality = std::move(findings);
}

}  // namespace circuit::analysis
