// circuit attention: every order that is not moving.
#include <memory>

#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  JsonOption json;
  std::uint32_t max = 1'000;
  std::string after;
  bool exit_code = false;
};

// A block for each order: what to do is a sentence, too long for a column.
std::string attention_text(const Json& orders) {
  if (orders.empty()) return "Every order is moving, or waits for its customer.\n";
  const std::int64_t now = now_us();
  std::string text;
  for (const Json& order : orders) {
    Table table({{""}, {""}});
    table.add(
        {"  Why", string_of(order, "reason") + ", after " + std::to_string(integer_of(order, "tries")) + " tries"});
    table.add({"  Since", moment_text(integer_of(order, "since"), now)});
    const std::int64_t next_try_at = integer_of(order, "next_try_at");
    table.add({"  Next try", order.value("held", false) ? "none by itself"
                             : next_try_at <= now       ? "now: it waits for a worker"
                                                        : moment_text(next_try_at, now)});
    table.add({"  What to do", string_of(order, "what_to_do")});
    text += string_of(order, "order_id") + "  " + string_of(order, "status") + '\n' + table.text() + '\n';
  }
  return text + std::to_string(orders.size()) + (orders.size() == 1 ? " order needs" : " orders need") +
         " attention.\n";
}

ExitCode attention(const Options& options) {
  Circuit circuit(options.data.data);
  Json request = {{"type", "get_attention"}, {"max", options.max}};
  if (!options.after.empty()) request["after"] = options.after;
  const Json reply = circuit.ask_control(std::move(request));
  Json orders = reply.at("attention");
  const bool any = !orders.empty();
  if (options.json.json) {
    times_to_text(orders);
    print(json_text(orders));
  } else {
    print(attention_text(orders));
    if (const std::string after = string_of(reply, "after"); !after.empty())
      print("There may be more: " + command_on(circuit.data(), "attention --after " + after) + '\n');
  }
  return any && options.exit_code ? ExitCode::no : ExitCode::ok;
}

}  // namespace

Action declare_attention(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("--max", options->max, "List no more than this many")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--after", options->after, "List those behind this order")->type_name("ORDER_ID");
  app.add_flag("--exit-code", options->exit_code, "End with exit code 1 when an order is listed, for monitoring");
  options->data.declare(app);
  options->json.declare(app);
  return [options] { return attention(*options); };
}

}  // namespace circuit::cli
