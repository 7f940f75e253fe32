// Sentences that hold for the whole report: how far its figures can be trusted.
#pragma once

#include <string>
#include <vector>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// Few rows, many comparisons, association and cause, samples; the insights must be there.
[[nodiscard]] std::vector<std::string> caveats_of(const Analysis& analysis);

}  // namespace circuit::analysis
