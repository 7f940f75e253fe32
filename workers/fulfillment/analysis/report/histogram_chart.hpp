// How the values of a column of numbers or dates are spread: a histogram, and below it a strip with the quartiles.
#pragma once

#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// The column must have a distribution.
void write_histogram(std::string& out, const ColumnSummary& column);

}  // namespace circuit::analysis
