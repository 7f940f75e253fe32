#include "workers/fulfillment/analysis/report/evidence.hpp"

#include <fmt/format.h>

#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/report/words.hpp"
#include "workers/fulfillment/analysis/series/calendar.hpp"

namespace circuit::analysis {

std::string anchor_of(const Finding& finding) {
  switch (finding.evidence) {
    case Evidence::column: return fmt::format("column-{}", finding.evidence_index + 1);
    case Evidence::relation: return fmt::format("relation-{}", finding.evidence_index + 1);
    case Evidence::series: return fmt::format("series-{}", finding.evidence_index + 1);
    case Evidence::quality: break;
  }
  return "quality";
}

std::string html_pair(const Analysis& analysis, const Relation& relation) {
  return html_name(analysis.columns[relation.first]) + " and " + html_name(analysis.columns[relation.second]);
}

std::string html_series(const Analysis& analysis, const TimeSeries& series) {
  if (!series.value) return fmt::format("Rows per {}", period_name(series.period));
  return fmt::format("{} by {}", html_name(analysis.columns[*series.value]), period_name(series.period));
}

std::string html_evidence(const Analysis& analysis, const Finding& finding) {
  switch (finding.evidence) {
    case Evidence::column: return html_name(analysis.columns[finding.evidence_index]);
    case Evidence::relation: return html_pair(analysis, analysis.relations.pairs[finding.evidence_index]);
    case Evidence::series: return html_series(analysis, analysis.series[finding.evidence_index]);
    case Evidence::quality: break;
  }
  return "Data quality";
}

std::vector<bool> cited(const Analysis& analysis, Evidence evidence, std::size_t count) {
  std::vector<bool> result(count);
  for (const auto* findings : {&analysis.insights, &analysis.quality})
    for (const Finding& finding : *findings)
      if (finding.evidence == evidence && finding.evidence_index < count) result[finding.evidence_index] = true;
  return result;
}

}  // namespace circuit::analysis
