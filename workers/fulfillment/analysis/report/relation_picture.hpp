// A picture of one relation: a scatter plot of two numbers, ranges of a number by category, or a table of two
// categories.
#pragma once

#include <cstddef>
#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

[[nodiscard]] bool can_be_pictured(const Relation& relation);

// An article with the anchor `relation-<index + 1>`; the relation must be one that can be pictured.
void write_relation_picture(std::string& out, const Analysis& analysis, std::size_t index);

}  // namespace circuit::analysis
