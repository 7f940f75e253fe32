#include "ops/cli/order_list.hpp"

#include <algorithm>

#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {

Json list_orders(Circuit& circuit, const OrderFilter& filter) {
  constexpr std::size_t page_max = 1'000;
  Progress progress("listing orders");
  Json all = Json::array();
  std::string after = filter.after;
  while (all.size() < filter.max) {
    Json request = {{"type", "list_orders"}, {"max", std::min(page_max, filter.max - all.size())}};
    if (!filter.status.empty()) request["status"] = filter.status;
    if (!after.empty()) request["after"] = after;
    Json page = circuit.ask_control(std::move(request));
    for (Json& order : page.at("orders")) all.push_back(std::move(order));
    // A page may be empty and not the last: how many orders one request looks at is bounded.
    after = string_of(page, "after");
    if (after.empty()) break;
    progress.show(0, 0);
  }
  return all;
}

}  // namespace circuit::cli
