// summary.txt: one screen of plain text, for a terminal or a mail. Lines are at most about 80 columns wide.
#pragma once

#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

[[nodiscard]] std::string text_report(const Analysis& analysis);

// How a delimiter is named to a customer: commas, semicolons, tabs, vertical bars.
[[nodiscard]] const char* delimiter_name(char delimiter);

}  // namespace circuit::analysis
