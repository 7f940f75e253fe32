// circuit pay, refund, cancel, retry: what an operator may ask for any order.
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  JsonOption json;
  std::string order;
  std::string reason;
  std::string operator_name;
};

// Who sits at the keyboard: behind sudo, whoever called it. Empty when the system has no name; the broker then takes
// the user id.
std::string login_name() {
  const char* caller = std::getenv("SUDO_USER");
  if (caller && *caller) return caller;
  const struct passwd* entry = ::getpwuid(::getuid());
  return entry ? entry->pw_name : "";
}

// `done` follows the order's id: "ord_… is to be refunded; it is refund_pending now".
Action declare(CLI::App& app, const char* type, const char* done, bool has_reason = false) {
  auto options = std::make_shared<Options>();
  declare_order_id(app, options->order);
  if (has_reason) app.add_option("--reason", options->reason, "Why, for the order's history")->type_name("TEXT");
  options->operator_name = login_name();
  app.add_option("--as", options->operator_name, "Your name, for the order's history and the audit log")
      ->type_name("NAME")
      ->default_str("your login name");
  options->data.declare(app);
  options->json.declare(app);
  return [options, type, done] {
    Circuit circuit(options->data.data);
    Json request = {{"type", type}, {"order_id", options->order}};
    if (!options->reason.empty()) request["reason"] = options->reason;
    if (!options->operator_name.empty()) request["operator"] = options->operator_name;
    const Json reply = circuit.ask_control(std::move(request));
    print(options->json.json ? json_text(reply)
                             : options->order + ' ' + done + "; it is " + string_of(reply, "status") + " now.\n");
    return ExitCode::ok;
  };
}

}  // namespace

Action declare_pay(CLI::App& app) { return declare(app, "confirm_payment", "may be charged"); }
Action declare_refund(CLI::App& app) { return declare(app, "request_refund", "gets its money back", true); }
Action declare_cancel(CLI::App& app) { return declare(app, "cancel_order", "is to be cancelled"); }
Action declare_retry(CLI::App& app) { return declare(app, "retry_order", "is tried again"); }

}  // namespace circuit::cli
