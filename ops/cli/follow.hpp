// Waits for orders, by their events.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "ops/cli/circuit.hpp"

namespace circuit::cli {

// Whether nothing more happens to an order by itself, or for now: it is final, or somebody must act.
[[nodiscard]] bool is_at_rest(const std::string& status);

// Reads the stream from `from_seq` on and gives each event of these orders (json_of) to `on_event`, until all of them
// are at rest or `limit` is over. Returns those that are not.
[[nodiscard]] std::set<std::string> follow_orders(Circuit& circuit, std::uint64_t from_seq,
                                                  std::set<std::string> orders, std::chrono::milliseconds limit,
                                                  const std::function<void(const Json& event)>& on_event);

// The seq of the newest event that there is.
[[nodiscard]] std::uint64_t newest_seq(Circuit& circuit);

}  // namespace circuit::cli
