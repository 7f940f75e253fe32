// analysis.json: everything that was found, for programs. Its shape is `circuit.analysis.v2`: SCHEMA.md says what each
// member means, analysis.schema.json holds the shape. Members may be added to it; none is renamed, retyped or removed
// without another version. Members are named as in summary.hpp, but columns are given by name, moments as RFC 3339
// text, and the evidence of a finding by its anchor in report.html.
#pragma once

#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

[[nodiscard]] std::string json_report(const Analysis& analysis);

}  // namespace circuit::analysis
