// The receipt of an order, and the document of its refund. Nothing in them depends on when or where they are printed.
#pragma once

#include <string>

#include "ops/cli/json.hpp"

namespace circuit::cli {

[[nodiscard]] std::string receipt_text(const Json& receipt);
[[nodiscard]] std::string refund_text(const Json& refund);

}  // namespace circuit::cli
