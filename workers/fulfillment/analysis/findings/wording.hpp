// The words of findings: names, numbers and dates as a customer reads them.
//
// Text of the customer's is clipped and put into “ ”; whoever writes a finding out still has to escape it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// “price”; at most 40 code points of it.
[[nodiscard]] std::string in_quotes(std::string_view text);

// “a”, “b” and “c”; beyond `named_max`: “a”, “b” and 7 more.
[[nodiscard]] std::string quoted_list(std::span<const std::string> texts, std::size_t named_max);

// Three significant digits or all digits of a whole part: 0.0123, 16.4, 135,451.
[[nodiscard]] std::string about(double value);

// about() with the unit that the column's numbers carry: $16.4, 16.4%, 16.4 kg.
[[nodiscard]] std::string amount(double value, const ColumnSummary& column);

// 1, 2 or 5 times a power of ten: the one nearest to a positive value on a logarithmic scale.
[[nodiscard]] double round_step(double value);

// 14:00 on 2024-03-04, 2024-03-04, the week of 2024-03-04, March 2024, the first quarter of 2024, 2024.
[[nodiscard]] std::string period_text(std::int64_t start_us, Period period);

// The same with "at", "on" or "in" before it.
[[nodiscard]] std::string when_text(std::int64_t start_us, Period period);

// at 14:00, on Mondays, in March.
[[nodiscard]] std::string position_text(Cycle cycle, std::size_t position);

}  // namespace circuit::analysis
