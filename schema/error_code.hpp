// The error codes of replies, as clients read them (DESIGN §3.1). Append only: clients match on the words.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace circuit::schema {

enum class ErrorCode : std::uint8_t {
  malformed_message,
  unknown_type,
  missing_field,
  invalid_field,
  unknown_product,
  amount_mismatch,
  currency_mismatch,
  idempotency_conflict,
  rate_limited,
  busy,
  order_not_found,
  invalid_transition,
  refund_window_closed,
  message_too_large,
  unauthorized,
  unavailable,
  internal,
};

inline constexpr std::array<std::string_view, 17> error_code_names = {
    "malformed_message", "unknown_type",       "missing_field",        "invalid_field",     "unknown_product",
    "amount_mismatch",   "currency_mismatch",  "idempotency_conflict", "rate_limited",      "busy",
    "order_not_found",   "invalid_transition", "refund_window_closed", "message_too_large", "unauthorized",
    "unavailable",       "internal",
};

constexpr std::string_view name_of(ErrorCode code) { return error_code_names[static_cast<std::size_t>(code)]; }

// A refusal as it goes back to the client: what was wrong, where, and when to try again (0: no hint).
struct Refusal {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string field;
  std::int64_t retry_after_ms = 0;
};

}  // namespace circuit::schema
