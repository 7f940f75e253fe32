#include "workers/fulfillment/analysis/report/html_findings.hpp"

#include <algorithm>

#include "workers/fulfillment/analysis/report/evidence.hpp"
#include "workers/fulfillment/analysis/report/html_sections.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t findings_shown = 40;
constexpr std::size_t caveats_shown = 20;

}  // namespace

void write_finding_cards(std::string& out, const Analysis& analysis, const std::vector<Finding>& findings,
                         const char* anchor) {
  const std::size_t shown = std::min(findings.size(), findings_shown);
  put(out, "<ol class=\"findings {}s\">\n", anchor);
  for (std::size_t i = 0; i < shown; ++i) {
    const Finding& finding = findings[i];
    put(out, "<li id=\"{}-{}\"><p class=\"statement\">{}</p>\n", anchor, i + 1, html_sentence(finding.text));
    if (!finding.caveat.empty()) put(out, "<p class=\"caveat\">{}</p>\n", html_sentence(finding.caveat));
    put(out, "<p class=\"source\"><span class=\"score\" style=\"--score:{:.0f}%\">Score {:.0f}</span>", finding.score,
        finding.score);
    if (finding.evidence != Evidence::quality)
      put(out, " <a href=\"#{}\">See {}</a>", anchor_of(finding), html_evidence(analysis, finding));
    out += "</p></li>\n";
  }
  out += "</ol>\n";
  if (findings.size() > shown)
    put(out, "<p class=\"rest\">{} of less weight in analysis.json.</p>\n",
        counted(findings.size() - shown, "more finding"));
}

void write_caveats(std::string& out, const Analysis& analysis) {
  if (analysis.caveats.empty()) return;
  out += "<h3>Keep in mind</h3>\n<ul class=\"notes\">\n";
  for (std::size_t i = 0; i < std::min(analysis.caveats.size(), caveats_shown); ++i)
    put(out, "<li>{}</li>\n", html_sentence(analysis.caveats[i]));
  out += "</ul>\n";
}

void write_findings(std::string& out, const Analysis& analysis) {
  open_section(out, "findings", "Findings");
  if (analysis.insights.empty()) {
    out +=
        "<p>No relation, trend or oddity in this file is strong enough to be told first. The sections below have every "
        "figure.</p>\n";
  } else {
    out += "<p class=\"intro\">What the data say, the weightiest first. Each finding leads to its evidence.</p>\n";
    write_finding_cards(out, analysis, analysis.insights, "finding");
  }
  write_caveats(out, analysis);
  out += "</section>\n";
}

}  // namespace circuit::analysis
