// Events and lines for the tests of the audit log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/audit_line.hpp"
#include "schema/event.hpp"

namespace circuit::test {

inline constexpr std::int64_t first_ts = 1'767'323'045'000'006;  // 2026-01-02T03:04:05.000006Z

// Three events an order: created, paid, fulfilled.
inline schema::Event sample_event(std::uint64_t seq) {
  schema::Event event;
  event.seq = seq;
  event.ts = first_ts + static_cast<std::int64_t>(seq) * 1'000;
  const std::uint64_t order = (seq - 1) / 3;
  for (std::size_t i = 0; i < 8; ++i) event.order.bytes[15 - i] = static_cast<std::uint8_t>(order >> (8 * i));
  event.version = static_cast<std::uint32_t>((seq - 1) % 3 + 1);
  event.data.customer_id = "customer_001";
  event.data.product_id = "LICENSE_KEY_V1";
  event.data.amount = 2'000;
  event.data.currency = "USD";
  event.data.attempt = 1;
  event.data.provider = "sandbox";
  event.data.charge_id = "ch_0001";
  event.data.deliverable = schema::deliverable_license;
  event.data.delivery_us = 1'234;
  using schema::EventType;
  using schema::Status;
  event.type = event.version == 1   ? EventType::order_created
               : event.version == 2 ? EventType::payment_confirmed
                                    : EventType::order_fulfilled;
  event.status = event.version == 1 ? Status::pending_payment : event.version == 2 ? Status::paid : Status::fulfilled;
  return event;
}

// The lines of seq 1 to `count`, each with its newline.
inline std::vector<std::string> sample_lines(std::uint64_t count) {
  std::vector<std::string> lines;
  schema::Hash32 prev{};
  for (std::uint64_t seq = 1; seq <= count; ++seq)
    schema::append_audit_line(lines.emplace_back(), sample_event(seq), prev);
  return lines;
}

inline std::string joined(const std::vector<std::string>& lines, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t i = begin; i < end; ++i) text += lines[i];
  return text;
}

}  // namespace circuit::test
