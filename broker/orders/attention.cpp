#include "broker/orders/attention.hpp"

#include <algorithm>

namespace circuit::orders {

using schema::OrderState;
using schema::Phase;
using schema::Reason;
using schema::Status;

namespace {

constexpr std::int64_t us_per_s = 1'000'000;

std::string_view remedy_of(Reason reason) {
  switch (reason) {
    case Reason::capture_mismatch:
      return "compare the provider's record with the order, put the money right, then run: circuit retry {}";
    case Reason::refund_refused: return "give the money back at the provider by hand, then run: circuit retry {}";
    case Reason::lease_lost:
      return "read the workers' logs: they went away with this job. It starts again with the next worker (circuit "
             "status); if "
             "it is held, run: circuit retry {}";
    default: return "it is tried again by itself; to try now, run: circuit retry {}";
  }
}

}  // namespace

std::optional<Notice> attention_of(const OrderState& state, const config::Settings& settings, std::int64_t now) {
  const std::int64_t next_try_at = state.runnable() ? state.due_at : 0;
  const std::int64_t since = std::max({state.created_at, state.paid_at, state.fulfilled_at});
  if (state.status == Status::fulfillment_failed)
    return Notice{"fulfillment_failed", since, 0,
                  "mend the cause, then run: circuit retry {0} (or: circuit refund {0})"};
  if (state.status == Status::payment_failed)
    return Notice{"payment_failed", since, 0,
                  "the customer may pay again after: circuit retry {} (it expires by itself)"};
  if (state.reason != Reason::none) return Notice{name_of(state.reason), since, next_try_at, remedy_of(state.reason)};
  const std::int64_t target_us = settings.delivery.target_s * us_per_s;
  if (state.phase == Phase::fulfill && now - state.paid_at > target_us)
    return Notice{"late", since, next_try_at, "see whether a fulfilment worker runs: circuit status (order {})"};
  if (state.phase > Phase::waiting && state.phase != Phase::fulfill && now - since > 12 * target_us)
    return Notice{"late", since, next_try_at, "see whether a payment worker runs: circuit status (order {})"};
  return std::nullopt;
}

}  // namespace circuit::orders
