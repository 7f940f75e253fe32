// All orders that match, page by page.
#pragma once

#include <cstddef>
#include <string>

#include "ops/cli/circuit.hpp"

namespace circuit::cli {

struct OrderFilter {
  std::string status;  // empty: any
  std::string after;   // an order id; empty: from the first order
  std::size_t max = 100;
};

// An array of orders, the oldest first. Throws Failure.
[[nodiscard]] Json list_orders(Circuit& circuit, const OrderFilter& filter);

}  // namespace circuit::cli
