// What the tests of the payment flow share: orders, and outcomes that outlive their views.
#pragma once

#include <spdlog/spdlog.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/packer.hpp"
#include "schema/work.hpp"

namespace circuit::payment {

// No log lines among the results of a test that provokes many.
class QuietLog {
 public:
  QuietLog() { spdlog::set_level(spdlog::level::off); }
  QuietLog(const QuietLog&) = delete;
  QuietLog& operator=(const QuietLog&) = delete;
  ~QuietLog() { spdlog::set_level(before_); }

 private:
  spdlog::level::level_enum before_ = spdlog::get_level();
};

// An outcome that owns its texts.
struct Decided {
  schema::Lease lease;
  schema::Uuid order;
  schema::Decision decision = schema::Decision::none;
  schema::EventType event = schema::EventType::none;
  schema::Reason reason = schema::Reason::none;
  bool maybe_tried = false;
  std::int64_t amount = 0;
  std::string currency, provider, reference, failure, message;

  explicit Decided(const schema::Outcome& o)
      : lease(o.lease),
        order(o.order),
        decision(o.decision),
        event(o.event),
        reason(o.reason),
        maybe_tried(o.maybe_tried),
        amount(o.amount),
        currency(o.currency),
        provider(o.provider),
        reference(o.reference),
        failure(o.failure),
        message(o.message) {}

  [[nodiscard]] bool makes(schema::EventType type) const {
    return decision == schema::Decision::make && event == type && reason == schema::Reason::none;
  }
  [[nodiscard]] bool fails(std::string_view word) const {
    return makes(schema::EventType::payment_failed) && failure == word && !message.empty();
  }
  [[nodiscard]] bool defers(schema::Reason why) const {
    return decision == schema::Decision::defer && reason == why && maybe_tried;
  }
  [[nodiscard]] bool holds(schema::Reason why) const {
    return decision == schema::Decision::hold && reason == why && !message.empty();
  }
};

inline schema::Uuid order_number(std::uint8_t number) {
  schema::Uuid order;
  order.bytes[15] = number;
  return order;
}

inline schema::Job job_for(std::uint8_t order, schema::Phase phase = schema::Phase::charge, bool maybe_tried = false) {
  static std::uint64_t leases = 0;
  schema::Job job;
  job.lease = {1, ++leases};
  job.order = order_number(order);
  job.phase = phase;
  job.attempt = 1;
  job.maybe_tried = maybe_tried;
  job.amount = 5000;
  job.currency = "USD";
  return job;
}

inline std::string sandbox_metadata(std::string_view behaviour) {
  std::string metadata;
  schema::Packer(metadata).map(2).text("note").text("x").text("sandbox").text(behaviour);
  return metadata;
}

}  // namespace circuit::payment
