// The words of Circuit: states, events, roles. One enumerator per word; numbers are stored, so they are append-only and
// 0 is reserved.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace circuit::schema {

enum class Status : std::uint8_t {
  none = 0,  // before the order exists
  pending_payment = 1,
  paid = 2,
  fulfilled = 3,
  payment_failed = 4,
  fulfillment_failed = 5,
  refund_pending = 6,
  refunded = 7,
  cancelled = 8,
  expired = 9,
};

enum class EventType : std::uint8_t {
  none = 0,
  order_created = 1,
  payment_requested = 2,
  payment_confirmed = 3,
  order_fulfilled = 4,
  payment_failed = 5,
  payment_retried = 6,
  cancel_requested = 7,
  order_cancelled = 8,
  order_expired = 9,
  fulfillment_failed = 10,
  fulfillment_retried = 11,
  refund_requested = 12,
  order_refunded = 13,
  retry_requested = 14,
};

// Who may make a move. A set of roles is a bit mask.
enum class Role : std::uint8_t {
  upstream = 1,
  payment = 2,
  fulfillment = 4,
  broker = 8,
  operator_ = 16,
};

inline constexpr std::array<std::string_view, 10> status_names = {
    "none",           "pending_payment", "paid",      "fulfilled", "payment_failed", "fulfillment_failed",
    "refund_pending", "refunded",        "cancelled", "expired"};

inline constexpr std::array<std::string_view, 15> event_type_names = {"none",
                                                                      "order_created",
                                                                      "payment_requested",
                                                                      "payment_confirmed",
                                                                      "order_fulfilled",
                                                                      "payment_failed",
                                                                      "payment_retried",
                                                                      "cancel_requested",
                                                                      "order_cancelled",
                                                                      "order_expired",
                                                                      "fulfillment_failed",
                                                                      "fulfillment_retried",
                                                                      "refund_requested",
                                                                      "order_refunded",
                                                                      "retry_requested"};

inline constexpr std::array<Role, 5> all_roles = {Role::upstream, Role::payment, Role::fulfillment, Role::broker,
                                                  Role::operator_};

constexpr std::string_view name_of(Status status) { return status_names[static_cast<std::size_t>(status)]; }
constexpr std::string_view name_of(EventType type) { return event_type_names[static_cast<std::size_t>(type)]; }
constexpr std::string_view name_of(Role role) {
  switch (role) {
    case Role::upstream: return "upstream";
    case Role::payment: return "payment";
    case Role::fulfillment: return "fulfillment";
    case Role::broker: return "broker";
    case Role::operator_: return "operator";
  }
  return "unknown";
}

template <class Enum, std::size_t N>
constexpr std::optional<Enum> from_name(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 1; i < N; ++i)
    if (names[i] == name) return static_cast<Enum>(i);
  return std::nullopt;
}
constexpr std::optional<Status> status_from_name(std::string_view name) {
  return from_name<Status>(status_names, name);
}
constexpr std::optional<EventType> event_type_from_name(std::string_view name) {
  return from_name<EventType>(event_type_names, name);
}

}  // namespace circuit::schema
