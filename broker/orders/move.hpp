// The state machine: what an event does to one order's state. Pure: the table of transitions says whether, this says
// how.
#pragma once

#include <cstdint>
#include <optional>

#include "schema/error_code.hpp"
#include "schema/names.hpp"
#include "schema/rows.hpp"

namespace circuit::orders {

// What a move depends on beside the state. Times in µs since the epoch.
struct MoveContext {
  std::int64_t now = 0;
  bool manual_payment = false;       // the customer confirms before anything is charged
  std::int64_t expire_after_us = 0;  // the time to pay
  std::int64_t refund_window_us = 0;
};

// Applies the event to the state, or says why not and leaves the state as it was: `invalid_transition` for a move that
// the table does not list for this role or that was made already, `refund_window_closed` for a refund that comes too
// late.
[[nodiscard]] std::optional<schema::Refusal> make_move(schema::OrderState& state, schema::EventType event,
                                                       schema::Role role, const MoveContext& context);

}  // namespace circuit::orders
