#include "workers/fulfillment/analysis/findings/caveats.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

bool has_evidence(const Analysis& analysis, Evidence evidence) {
  return std::ranges::any_of(analysis.insights, [&](const Finding& finding) { return finding.evidence == evidence; });
}

}  // namespace

std::vector<std::string> caveats_of(const Analysis& analysis) {
  constexpr std::size_t few_rows = 30;
  std::vector<std::string> caveats;
  const FileFacts& file = analysis.file;
  const std::size_t pairs = analysis.relations.pairs.size() + analysis.relations.undefined;
  if (file.rows < few_rows)
    caveats.push_back(fmt::format(
        "The file has only {}: a few more could change any of these figures, and small differences mean nothing.",
        counted(file.rows, "row")));
  if (pairs > 1)
    caveats.push_back(
        fmt::format("{} pairs of columns were compared, and some agree by chance. The p-values are adjusted for that "
                    "(Benjamini and "
                    "Hochberg): of all relations that are called real, up to one in twenty may still be an accident.",
                    readable_text(pairs)));
  if (analysis.relations.columns_left_out > 0)
    caveats.push_back(fmt::format("Only {} columns were compared with each other; {} more were not.",
                                  readable_text(analysis.relations.columns_compared),
                                  readable_text(analysis.relations.columns_left_out)));
  if (has_evidence(analysis, Evidence::relation))
    caveats.push_back(
        "Columns that go together need not be cause and effect: a third thing may drive both, or the rows may have "
        "been "
        "chosen in a way that joins them.");
  if (has_evidence(analysis, Evidence::series))
    caveats.push_back(
        "Trends are straight lines through what the file covers. They say what was, not what comes next.");
  if (file.rows_kept < file.rows)
    caveats.push_back(fmt::format(
        "Medians, quartiles, relations and series are of an even sample of {} of the {} rows and would differ a little "
        "for all of them.",
        readable_text(file.rows_kept), readable_text(file.rows)));
  return caveats;
}

}  // namespace circuit::analysis
