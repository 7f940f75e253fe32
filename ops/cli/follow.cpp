#include "ops/cli/follow.hpp"

#include <algorithm>

#include "broker/client/subscriber.hpp"
#include "ops/cli/interrupt.hpp"
#include "ops/cli/text.hpp"
#include "schema/order_id.hpp"
#include "schema/transitions.hpp"

namespace circuit::cli {

using schema::Status;

bool is_at_rest(const std::string& status) {
  const auto known = schema::status_from_name(status);
  return known &&
         (schema::is_final(*known) || *known == Status::payment_failed || *known == Status::fulfillment_failed);
}

std::set<std::string> follow_orders(Circuit& circuit, std::uint64_t from_seq, std::set<std::string> orders,
                                    std::chrono::milliseconds limit,
                                    const std::function<void(const Json& event)>& on_event) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds turn{200};
  const std::set<std::string> wanted = orders;
  const Clock::time_point deadline = Clock::now() + limit;
  client::Subscriber subscriber(circuit.sockets(), circuit.stream(from_seq));
  while (!orders.empty() && Clock::now() < deadline) {
    throw_if_interrupted();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    subscriber.receive(std::min(turn, left), [&](const schema::Event& event) {
      const std::string order = schema::order_id_text(event.order);
      if (!wanted.contains(order)) return;
      on_event(json_of(event));
      // A refund or a retry may have begun meanwhile.
      is_at_rest(std::string(name_of(event.status))) ? void(orders.erase(order)) : void(orders.insert(order));
    });
  }
  return orders;
}

std::uint64_t newest_seq(Circuit& circuit) {
  const Json reply = circuit.ask_orders({{"type", "get_stats"}});
  return static_cast<std::uint64_t>(integer_of(reply.at("stats"), "last_seq"));
}

}  // namespace circuit::cli
