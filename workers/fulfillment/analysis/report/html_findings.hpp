// Findings as a list of cards: insights and remarks on quality look alike.
#pragma once

#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

void write_finding_cards(std::string& out, const Analysis& analysis, const std::vector<Finding>& findings,
                         const char* anchor);

// Sentences that hold for the whole, as a list below its own small heading; nothing if there are none.
void write_caveats(std::string& out, const Analysis& analysis);

}  // namespace circuit::analysis
