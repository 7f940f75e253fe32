// circuit submit: orders a product, and with --wait follows the order to its end.
#include <chrono>
#include <memory>

#include "broker/config/load.hpp"
#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/draft.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/follow.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/order_text.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {
namespace {

struct SubmitOptions {
  DataOption data;
  ConfigOption config;
  JsonOption json;
  Draft draft;
  std::int64_t amount = 0;
  std::string csv;
  std::vector<std::string> inputs;
  bool wait = false;
  std::int64_t wait_s = 300;
};

void print_created(const Json& created, const Json& request) {
  Table table({{""}, {""}});
  table.add({"Order", string_of(created, "order_id")});
  table.add({"Status", string_of(created, "status")});
  table.add({"Amount", money_text(request)});
  table.add({"Key", string_of(request, "idempotency_key")});
  table.add({"Payment URL", string_of(created, "payment_url")});
  if (created.value("replayed", false)) table.add({"Replayed", "yes: this order was there already"});
  print(table.text());
}

Json order_now(Circuit& circuit, const std::string& id) {
  return circuit.ask_orders({{"type", "get_order"}, {"order_id", id}}).at("order");
}

// Shows the steps, and returns the order as it is then.
Json follow(Circuit& circuit, const Json& created, std::uint64_t from_seq, const SubmitOptions& options) {
  const std::string id = string_of(created, "order_id");
  // Of an order that was there already, the first steps are behind us.
  if (created.value("replayed", false))
    from_seq = static_cast<std::uint64_t>(integer_of(order_now(circuit, id).at("history").at(0), "seq"));
  std::int64_t began_us = 0;
  (void)follow_orders(circuit, from_seq, {id}, std::chrono::seconds(options.wait_s), [&](const Json& event) {
    if (began_us == 0) began_us = integer_of(event, "ts");
    if (!options.json.json) print(step_text(event, began_us));
  });
  return order_now(circuit, id);
}

ExitCode finish(const Json& order, const SubmitOptions& options) {
  const std::string status = string_of(order, "status");
  if (!options.json.json) {
    print("Status  " + status + '\n');
    if (const std::string token = string_of(order, "delivery_token"); !token.empty())
      print("Token   " + token + "\nFetch it with: " + command_on(options.data.data, "deliver " + token) + '\n');
  }
  if (status == "fulfilled") return ExitCode::ok;
  if (status == "pending_payment" || status == "paid" || status == "refund_pending")
    throw Failure(ExitCode::no, "the order is still " + status + " after " + std::to_string(options.wait_s) + " s",
                  "see why: " + command_on(options.data.data, "attention") + "; if it waits for its customer: " +
                      command_on(options.data.data, "pay " + string_of(order, "order_id")));
  throw Failure(ExitCode::no, "the order is " + status,
                "see why: " + command_on(options.data.data, "order " + string_of(order, "order_id")));
}

ExitCode submit(SubmitOptions& options) {
  if (!options.csv.empty()) options.draft.input.emplace_back("csv", read_input_file(options.csv));
  for (const std::string& input : options.inputs) options.draft.input.push_back(read_input(input));
  const Json request = create_request(options.draft, config::load_settings(options.config.path()));
  Circuit circuit(options.data.data);
  const std::uint64_t from_seq = options.wait ? newest_seq(circuit) + 1 : 0;
  Json created = circuit.ask_orders(request);
  created["idempotency_key"] = request["idempotency_key"];
  if (!options.json.json) print_created(created, request);
  if (!options.wait) {
    if (options.json.json) print(json_text(created));
    return ExitCode::ok;
  }
  const Json order = follow(circuit, created, from_seq, options);
  if (options.json.json) {
    Json with_key = order;
    with_key["idempotency_key"] = request["idempotency_key"];
    times_to_text(with_key);
    print(json_text(with_key));
  }
  return finish(order, options);
}

}  // namespace

Action declare_submit(CLI::App& app) {
  auto options = std::make_shared<SubmitOptions>();
  Draft& draft = options->draft;
  app.add_option("PRODUCT", draft.product, "The product's id in the catalogue")->required();
  app.add_option("--customer", draft.customer, "Who buys it")->type_name("ID")->required();
  app.add_option("--key", draft.key, "Idempotency key: the same key gives the same order; random if not given")
      ->type_name("KEY");
  CLI::Option* amount =
      app.add_option("--amount", options->amount, "The price in minor units; the catalogue's if not given")
          ->type_name("N");
  app.add_option("--currency", draft.currency, "Its currency; the catalogue's if not given")->type_name("CODE");
  app.add_option("--csv", options->csv, "The same as --input csv=FILE")->type_name("FILE");
  app.add_option("--input", options->inputs, "What the product works on; as often as it needs")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false);
  app.add_option("--metadata", draft.metadata, "A small JSON object that the order keeps")->type_name("JSON");
  app.add_option("--client-ip", draft.client_ip, "The customer's address, for the limit of orders by address")
      ->type_name("IP");
  app.add_flag("--wait", options->wait, "Follow the order until it is fulfilled or has failed");
  app.add_option("--wait-s", options->wait_s, "Wait no longer than this many seconds")
      ->type_name("S")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  options->data.declare(app);
  options->config.declare(app);
  options->json.declare(app);
  return [options, amount] {
    if (amount->count() > 0) options->draft.amount = options->amount;
    return submit(*options);
  };
}

}  // namespace circuit::cli
