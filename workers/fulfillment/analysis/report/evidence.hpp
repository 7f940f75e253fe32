// Where in report.html the evidence of a finding stands. Anchors count from 1: column-3, relation-2, series-1; what is
// wrong with the file as a whole is shown under quality.
#pragma once

#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

[[nodiscard]] std::string anchor_of(const Finding& finding);

// What a link to it says, safe: the column's name, "<name> and <name>", "<name> over time".
[[nodiscard]] std::string html_evidence(const Analysis& analysis, const Finding& finding);
[[nodiscard]] std::string html_pair(const Analysis& analysis, const Relation& relation);
[[nodiscard]] std::string html_series(const Analysis& analysis, const TimeSeries& series);

// Which of `count` columns, relations or series some finding points at.
[[nodiscard]] std::vector<bool> cited(const Analysis& analysis, Evidence evidence, std::size_t count);

}  // namespace circuit::analysis
