// A client that has many orders under way and loses no acknowledgement: what is not answered in time is sent again
// under its idempotency key. And the books afterwards: everything that must agree once all of them are fulfilled.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/integration/harness.hpp"

namespace circuit::integration {

class Load {
 public:
  // Most are licences; each tenth has an input and files.
  Load(Circuit& circuit, std::size_t orders);

  // Sends all orders, and returns when all are acknowledged. `on_progress` hears how many are, after each reply; it may
  // kill and start daemons.
  void run(const std::function<void(std::size_t acknowledged)>& on_progress = [](std::size_t) {});
  // In the order of the requests.
  [[nodiscard]] const std::vector<std::string>& order_ids() const { return order_ids_; }
  void wait_until_fulfilled(milliseconds limit = seconds(60));

 private:
  [[nodiscard]] Json request(std::size_t index) const;
  void take(const Json& reply);

  Circuit& circuit_;
  std::string endpoint_;
  std::vector<std::string> order_ids_;  // empty: not acknowledged
  std::size_t acknowledged_ = 0;
};

// A run's progress hook that kills these daemons with SIGKILL and starts them again, at each of so many
// acknowledgements.
[[nodiscard]] std::function<void(std::size_t)> kills(Circuit& circuit, std::vector<std::string> names,
                                                     std::vector<std::size_t> at);

// Every order was fulfilled exactly once and paid exactly once, and the events, the audit log, the ledger, the totals
// and the files on the disk say the same. There must be no other orders.
void check_books(Circuit& circuit, const std::vector<std::string>& order_ids);

}  // namespace circuit::integration
