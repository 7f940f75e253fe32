// report.html: the analysis for people, in one file that asks nothing of any network.
#pragma once

#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

[[nodiscard]] std::string html_report(const Analysis& analysis);

}  // namespace circuit::analysis
