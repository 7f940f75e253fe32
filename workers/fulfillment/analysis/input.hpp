// Is this text at all? What is refused here would only become a report full of nonsense.
#pragma once

#include <optional>
#include <string_view>

#include "workers/fulfillment/analysis/analysis.hpp"

namespace circuit::analysis {

// Nothing if the input is UTF-8 text, within the limit, with something in it.
[[nodiscard]] std::optional<Failure> refuse_input(std::string_view input, const Limits& limits);

[[nodiscard]] std::string_view without_byte_order_mark(std::string_view input);

}  // namespace circuit::analysis
