// Figures and names as people read them: what report.html and summary.txt both say. Plain text, not yet escaped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// Behind "separated by": commas, semicolons, tabs, vertical bars.
[[nodiscard]] const char* delimiter_name(char delimiter);

// 812 bytes, 48.2 kB, 3.1 MB: powers of 1000.
[[nodiscard]] std::string bytes_text(std::size_t bytes);

// "< 0.001", "= 0.042" or "> 0.999"; behind a p.
[[nodiscard]] std::string p_text(double p);

// YYYY-MM-DD, with HH:MM:SS behind it unless `is_day`.
[[nodiscard]] std::string when_text(std::int64_t us_since_1970, bool is_day);

[[nodiscard]] const char* cycle_name(Cycle cycle);                             // "month of the year"
[[nodiscard]] std::string period_label(Period period, std::int64_t start_us);  // 2024, 2024 Q2, 2024-05, 2024-05-31 …

// Which measure of a relation says how strong it is, and that measure: "r = -0.54", "ρ = 0.61", "η = 0.3", "V = 0.58".
[[nodiscard]] std::string measure_text(const Relation& relation);

// A column in a few words: its range and median, its first and last day, or its most frequent value.
[[nodiscard]] std::string glance_text(const ColumnSummary& column);

// A number of this column: without thousands separators if the column holds years.
[[nodiscard]] std::string value_text(const ColumnSummary& column, double value);

// The rows of a relation, whichever way it was compared.
[[nodiscard]] std::size_t rows_compared(const Relation& relation);
[[nodiscard]] double p_of(const Relation& relation);

}  // namespace circuit::analysis
