#include "broker/orders/attention_watch.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "schema/order_id.hpp"

namespace circuit::orders {
namespace {

constexpr std::uint32_t slice_orders = 2'000;
constexpr std::int64_t slice_interval_us = 100'000;
constexpr std::int64_t pause_us = 2'000'000;
constexpr std::size_t known_max = 20'000;
constexpr std::uint32_t told_in_round_max = 50;

}  // namespace

void AttentionWatch::look(std::int64_t now, std::int64_t steady) {
  if (steady < next_look_at_) return;
  const std::uint32_t visited =
      journal_.open_orders(after_, slice_orders, [&](const schema::Uuid& order, const schema::OrderState& state) {
        after_ = order;
        if (const auto stuck = attention_of(state, settings_, now)) notice(order, state, *stuck, now);
      });
  next_look_at_ = steady + slice_interval_us;
  if (visited == slice_orders) return;
  end_round();
  next_look_at_ = steady + pause_us;
}

void AttentionWatch::notice(const schema::Uuid& order, const schema::OrderState& state, const Notice& stuck,
                            std::int64_t now) {
  ++counting_[stuck.reason];
  if (found_.size() < known_max) found_.emplace(order, stuck.reason);
  const auto known = known_.find(order);
  if ((known != known_.end() && known->second == stuck.reason) || known_.size() >= known_max) return;
  if (++told_ > told_in_round_max) return;
  spdlog::warn("attention: {} is {} and does not move: {}, for {} s{}", schema::order_id_text(order),
               name_of(state.status), stuck.reason, (now - stuck.since) / 1'000'000,
               state.runnable() ? "" : ", and waits for a person; see circuit attention");
}

void AttentionWatch::end_round() {
  if (told_ > told_in_round_max)
    spdlog::warn("attention: {} more orders do not move; see circuit attention", told_ - told_in_round_max);
  std::uint64_t all = 0;
  for (const auto& [reason, count] : counting_) all += count;
  if (all == 0 && !counts_.empty()) spdlog::info("attention: every order is moving again");
  counts_ = std::exchange(counting_, {});
  known_ = std::exchange(found_, {});
  after_.reset();
  told_ = 0;
}

}  // namespace circuit::orders
