#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "workers/fulfillment/analysis/findings/placeholder.hpp"
#include "workers/fulfillment/analysis/findings/score.hpp"
#include "workers/fulfillment/analysis/findings/series_findings.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/series/calendar.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {

std::vector<Finding> gap_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  std::optional<std::size_t> last_date;
  for (std::size_t i = 0; i < analysis.series.size(); ++i) {
    const TimeSeries& series = analysis.series[i];
    // All series of a date have the same pause.
    if (series.date == last_date || series.steps.empty()) continue;
    last_date = series.date;
    const ColumnSummary& date = analysis.columns[series.date];
    if (!series.pause || placeholder_of(date)) continue;
    const Pause& pause = *series.pause;
    const auto all = static_cast<double>(series.steps.back().start_us - series.steps.front().start_us);
    const double share = std::min(1.0, static_cast<double>(pause.next_us - pause.last_us) / std::max(all, 1.0));
    findings.push_back(
        {.kind = "gap",
         .text = fmt::format("There is a hole in {}: between {} and {} there are no rows for {}.", in_quotes(date.name),
                             period_text(pause.last_us, pause.period), period_text(pause.next_us, pause.period),
                             counted(pause.periods, period_name(pause.period))),
         .score = score(std::sqrt(share), certainty_of_count(date.count), interest::gap),
         .columns = {series.date},
         .evidence = Evidence::series,
         .evidence_index = i});
  }
  return findings;
}

}  // namespace circuit::analysis
