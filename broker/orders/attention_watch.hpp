// Says in the log, once, when an order stops moving, and counts those that stand still: what is written down nowhere
// stands still in silence. Goes round the open orders in slices, so that it never holds the loop up; an order is
// noticed within a round, which takes as many slices as there are orders, and a pause.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "broker/config/settings.hpp"
#include "broker/journal/journal.hpp"
#include "broker/orders/attention.hpp"

namespace circuit::orders {

class AttentionWatch {
 public:
  AttentionWatch(journal::Journal& journal, const config::Settings& settings)
      : journal_(journal), settings_(settings) {}

  // Looks at the next slice when it is time; `now` is wall time, `steady` the steady clock's.
  void look(std::int64_t now, std::int64_t steady);

  // Of the last whole round: how many orders need attention, by reason.
  [[nodiscard]] const std::map<std::string_view, std::uint64_t>& counts() const { return counts_; }

 private:
  void notice(const schema::Uuid& order, const schema::OrderState& state, const Notice& notice, std::int64_t now);
  void end_round();

  using Reasons = std::unordered_map<schema::Uuid, std::string_view>;

  journal::Journal& journal_;
  const config::Settings& settings_;
  std::int64_t next_look_at_ = 0;  // of the steady clock
  std::optional<schema::Uuid> after_;
  std::map<std::string_view, std::uint64_t> counts_, counting_;
  Reasons known_, found_;  // bounded; what goes beyond is counted and not told one by one
  std::uint32_t told_ = 0;
};

}  // namespace circuit::orders
