// circuit order, circuit orders.
#include <algorithm>
#include <memory>

#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/order_list.hpp"
#include "ops/cli/order_text.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"
#include "schema/names.hpp"
#include "schema/time_text.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  JsonOption json;
  std::string order;
  OrderFilter filter;
};

ExitCode order(const Options& options) {
  Circuit circuit(options.data.data);
  Json reply = circuit.ask_orders({{"type", "get_order"}, {"order_id", options.order}});
  Json& order = reply.at("order");
  if (!options.json.json) {
    print(order_text(order, now_us()));
    return ExitCode::ok;
  }
  times_to_text(order);
  print(json_text(order));
  return ExitCode::ok;
}

std::string orders_text(const Json& orders) {
  Table table({{"ORDER"}, {"STATUS"}, {"CREATED"}, {"AMOUNT", Align::right}, {"PRODUCT"}, {"CUSTOMER"}});
  for (const Json& order : orders)
    table.add({string_of(order, "order_id"), string_of(order, "status"),
               schema::time_text(integer_of(order, "created_at")), money_text(order), string_of(order, "product_id"),
               string_of(order, "customer_id")});
  return table.empty() ? "There are no such orders.\n" : table.text();
}

ExitCode orders(const Options& options) {
  Circuit circuit(options.data.data);
  Json list = list_orders(circuit, options.filter);
  if (options.json.json) {
    times_to_text(list);
    print(json_text(list));
    return ExitCode::ok;
  }
  print(orders_text(list));
  if (list.size() == options.filter.max)
    note("There may be more: --after " + string_of(list.back(), "order_id") + ", or a higher --max.\n");
  return ExitCode::ok;
}

}  // namespace

Action declare_order(CLI::App& app) {
  auto options = std::make_shared<Options>();
  declare_order_id(app, options->order);
  options->data.declare(app);
  options->json.declare(app);
  return [options] { return order(*options); };
}

Action declare_orders(CLI::App& app) {
  auto options = std::make_shared<Options>();
  std::vector<std::string> statuses(schema::status_names.begin() + 1, schema::status_names.end());
  app.add_option("--status", options->filter.status, "Only orders with this status")
      ->type_name("STATUS")
      ->check(CLI::IsMember(std::move(statuses)));
  app.add_option("--after", options->filter.after, "Go on behind this order")->type_name("ORDER_ID");
  app.add_option("--max", options->filter.max, "List no more than this many")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  options->data.declare(app);
  options->json.declare(app);
  return [options] { return orders(*options); };
}

}  // namespace circuit::cli
