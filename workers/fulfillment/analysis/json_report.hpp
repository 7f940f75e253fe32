// analysis.json: everything that was found, for programs. Its shape is `circuit.analysis.v1`: members may be added to
// it, none is renamed or removed.
#pragma once

#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

[[nodiscard]] std::string json_report(const Analysis& analysis);

}  // namespace circuit::analysis
