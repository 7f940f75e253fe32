// Where in the file values are missing: the columns' bands side by side.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "workers/fulfillment/analysis/columns/column_builder.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// Nothing if no value is missing. Of more than 60 columns that miss values, those that miss most.
[[nodiscard]] std::optional<MissingMap> missing_map(std::span<const Column> columns, std::size_t rows);

}  // namespace circuit::analysis
