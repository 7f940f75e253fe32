// Orders and their events as people read them, from replies (broker/intake/answers.cpp) and json_of(event).
#pragma once

#include <cstdint>
#include <string>

#include "ops/cli/json.hpp"

namespace circuit::cli {

// What an event says beyond its type: "50.00 USD, sandbox ch_17"; may be empty.
[[nodiscard]] std::string event_detail(const Json& event);

// One line for each event: seq, time, type, detail.
[[nodiscard]] std::string events_text(const Json& events);

// One line while it happens: time since `began_us`, type, detail; a newline at the end.
[[nodiscard]] std::string step_text(const Json& event, std::int64_t began_us);

// The whole `order` of a get_order.
[[nodiscard]] std::string order_text(const Json& order, std::int64_t now_us);

// "name  size  sha256", a line each.
[[nodiscard]] std::string files_text(const Json& files);

}  // namespace circuit::cli
