// Sentences for the customer about everything in the file that was not as one would expect, or was left out.
#pragma once

#include <string>
#include <vector>

#include "workers/fulfillment/analysis/table.hpp"

namespace circuit::analysis {

[[nodiscard]] std::vector<std::string> table_notes(const Table& table);

}  // namespace circuit::analysis
