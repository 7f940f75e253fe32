#include "workers/fulfillment/analysis/findings/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>

#include "workers/fulfillment/analysis/findings/caveats.hpp"
#include "workers/fulfillment/analysis/findings/column_findings.hpp"
#include "workers/fulfillment/analysis/findings/quality_findings.hpp"
#include "workers/fulfillment/analysis/findings/relation_findings.hpp"
#include "workers/fulfillment/analysis/findings/selection.hpp"
#include "workers/fulfillment/analysis/findings/series_findings.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

using Family = std::vector<Finding> (*)(const Analysis&);

constexpr Family insight_families[] = {group_findings, number_findings,   association_findings,
                                       trend_findings, season_findings,   gap_findings,
                                       shape_findings, dominant_findings, missing_pattern_findings};
constexpr Family quality_families[] = {file_quality, column_quality, redundancy_quality};

// Scores to a hundredth: what is below comes from the last digits of logarithms, which differ between processors.
std::vector<Finding> all_of(std::span<const Family> families, const Analysis& analysis) {
  std::vector<Finding> findings;
  for (const Family family : families) std::ranges::move(family(analysis), std::back_inserter(findings));
  for (Finding& finding : findings) finding.score = std::clamp(std::round(finding.score * 100) / 100, 0.0, 100.0);
  return findings;
}

}  // namespace

void find_insights(Analysis& analysis) {
  analysis.insights = select_findings(all_of(insight_families, analysis), analysis, insights_max);
  analysis.caveats = caveats_of(analysis);
}

void find_quality(Analysis& analysis) {
  std::vector<Finding> findings = all_of(quality_families, analysis);
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
