// The totals of a get_stats or a recount as people read them.
#pragma once

#include <string>

#include "ops/cli/json.hpp"

namespace circuit::cli {

[[nodiscard]] std::string totals_text(const Json& totals);

}  // namespace circuit::cli
