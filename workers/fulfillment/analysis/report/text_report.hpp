// summary.txt: one screen of plain text, for a terminal or a mail. No line is wider than 80 columns.
#pragma once

#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

[[nodiscard]] std::string text_report(const Analysis& analysis);

}  // namespace circuit::analysis
