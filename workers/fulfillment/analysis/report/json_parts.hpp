// The parts of analysis.json; each writes one value, whose key is the caller's.
#pragma once

#include <cstdint>
#include <string>

#include "workers/fulfillment/analysis/report/json_writer.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

void write_column(JsonWriter& json, const ColumnSummary& column);
void write_relation(JsonWriter& json, const Analysis& analysis, const Relation& relation);
void write_series(JsonWriter& json, const Analysis& analysis, const TimeSeries& series);

// RFC 3339 in UTC, with a fraction of a second only where there is one. Years beyond 0 to 9999, which that format
// cannot say, become the nearest moment that it can.
[[nodiscard]] std::string rfc3339_text(std::int64_t us_since_1970);

}  // namespace circuit::analysis
