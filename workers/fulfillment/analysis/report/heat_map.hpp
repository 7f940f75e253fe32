// How each number goes with each other one, at a glance.
#pragma once

#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// Nothing if fewer than three columns are correlated: their one or no figure is in the table.
void write_heat_map(std::string& out, const Analysis& analysis);

}  // namespace circuit::analysis
