// Which open orders are not moving, why, and what to do: nothing stands still in silence.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "broker/config/settings.hpp"
#include "schema/rows.hpp"

namespace circuit::orders {

struct Notice {
  std::string_view reason;       // a word
  std::int64_t since = 0;        // µs since the epoch
  std::int64_t next_try_at = 0;  // 0: now, or none by itself
  std::string_view what_to_do;   // a sentence; {} stands for the order's id
};

// Nothing for an order that goes its way or waits for its customer.
[[nodiscard]] std::optional<Notice> attention_of(const schema::OrderState& state, const config::Settings& settings,
                                                 std::int64_t now);

}  // namespace circuit::orders
