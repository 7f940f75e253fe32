// circuit receipt: its layout and its JSON are the same bytes each time, so that a receipt can be filed and compared.
#include <memory>

#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/receipt_text.hpp"
#include "ops/cli/terminal.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  JsonOption json;
  std::string order;
  bool refund = false;
};

ExitCode receipt(const Options& options) {
  Circuit circuit(options.data.data);
  Json reply = circuit.ask_orders({{"type", "get_receipt"}, {"order_id", options.order}});
  const bool refunded = reply.contains("refund");
  if (options.refund && !refunded)
    throw Failure(ExitCode::no, options.order + ": was not refunded",
                  command_on(circuit.data(), "order " + options.order));
  Json& document = reply[options.refund ? "refund" : "receipt"];
  if (options.json.json) {
    times_to_text(document);
    print(json_text(document));
  } else {
    print(options.refund ? refund_text(document) : receipt_text(document));
  }
  // Not on the receipt: that stays as it was.
  if (refunded && !options.refund)
    note("This order was refunded later: " + command_on(circuit.data(), "receipt --refund " + options.order) + '\n');
  return ExitCode::ok;
}

}  // namespace

Action declare_receipt(CLI::App& app) {
  auto options = std::make_shared<Options>();
  declare_order_id(app, options->order);
  app.add_flag("--refund", options->refund, "The document of its refund instead");
  options->data.declare(app);
  options->json.declare(app);
  return [options] { return receipt(*options); };
}

}  // namespace circuit::cli
