// circuit license key, verify, revoked.
#include <memory>
#include <optional>

#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/license_check.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/order_list.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"
#include "schema/time_text.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  JsonOption json;
  std::string file;
  std::string key;
};

ExitCode print_key(const Options& options) {
  const std::string text = schema::license_key_text(license_key_of(data_path(options.data.data)));
  print(options.json.json ? json_text({{"key", text}}) : text + '\n');
  return ExitCode::ok;
}

// The order's status, where the circuit that sold it is up and was not left out by --key.
std::optional<std::string> order_status(const Options& options, const std::string& order) {
  if (!options.key.empty()) return std::nullopt;
  Circuit circuit(options.data.data);
  const Answer answer = circuit.orders().ask({{"type", "get_order"}, {"order_id", order}});
  if (!answer) return std::nullopt;
  return string_of(answer.body.at("order"), "status");
}

bool is_revoked(const std::string& status) { return status == "refunded" || status == "refund_pending"; }

std::string valid_text(const Json& license, const std::optional<std::string>& status) {
  Table table({{""}, {""}});
  table.add({"Order", string_of(license, "order_id")});
  table.add({"Product", string_of(license, "product_id")});
  table.add({"Customer", string_of(license, "customer_id")});
  table.add({"Issued", schema::time_text(integer_of(license, "issued_at"))});
  table.add({"Signature", "good"});
  table.add({"Revoked", !status               ? "not known: the circuit was not asked"
                        : is_revoked(*status) ? "yes: " + *status
                                              : "no"});
  return table.text();
}

ExitCode verify(const Options& options) {
  const schema::LicensePublicKey key =
      options.key.empty() ? license_key_of(data_path(options.data.data)) : license_key_from(options.key);
  Json license = license_json(check_license(options.file, key));
  const bool valid = license.value("valid", false);
  const auto status = valid ? order_status(options, string_of(license, "order_id")) : std::nullopt;
  if (options.json.json) {
    license["revoked"] = status ? Json(is_revoked(*status)) : Json();
    times_to_text(license);
    print(json_text(license));
  } else if (valid) {
    print(valid_text(license, status));
  }
  if (!valid)
    throw Failure(ExitCode::no, options.file + ": is no licence of this key: " + string_of(license, "reason"));
  if (status && is_revoked(*status)) throw Failure(ExitCode::no, options.file + ": this licence was revoked");
  return ExitCode::ok;
}

// An order that was refunded before it was fulfilled never had a licence, and has no receipt.
bool had_license(Circuit& circuit, const Json& order) {
  const Answer answer = circuit.orders().ask({{"type", "get_receipt"}, {"order_id", string_of(order, "order_id")}});
  return answer && string_of(answer.body.at("receipt"), "deliverable") == "license";
}

ExitCode revoked(const Options& options) {
  Circuit circuit(options.data.data);
  Json licenses = Json::array();
  Table table({{"ORDER"}, {"PRODUCT"}, {"CUSTOMER"}, {"REFUNDED"}});
  for (const Json& order : list_orders(circuit, {.status = "refunded", .max = 1'000'000})) {
    if (!had_license(circuit, order)) continue;
    const std::int64_t at = integer_of(order, "refunded_at");
    licenses.push_back({{"order_id", order["order_id"]},
                        {"product_id", order["product_id"]},
                        {"customer_id", order["customer_id"]},
                        {"refunded_at", at}});
    table.add({string_of(order, "order_id"), string_of(order, "product_id"), string_of(order, "customer_id"),
               schema::time_text(at)});
  }
  times_to_text(licenses);
  print(options.json.json ? json_text(licenses) : table.empty() ? "No licence was revoked.\n" : table.text());
  return ExitCode::ok;
}

}  // namespace

Action declare_license(CLI::App& app) {
  auto options = std::make_shared<Options>();
  auto chosen = std::make_shared<ExitCode (*)(const Options&)>(nullptr);
  const auto add = [&](const char* name, const char* sentence, ExitCode (*run)(const Options&)) {
    CLI::App* command = app.add_subcommand(name, sentence);
    options->data.declare(*command);
    options->json.declare(*command);
    command->callback([chosen, run] { *chosen = run; });
    return command;
  };
  CLI::App* check = add("verify", "Whether a licence is signed by the key, and says what", verify);
  check->add_option("FILE", options->file, "The licence")->required()->check(CLI::ExistingFile);
  check->add_option("--key", options->key, "The public key, or a file that holds it; needs no circuit then")
      ->type_name("KEY");
  add("key", "Print the public key of a data directory", print_key);
  add("revoked", "List the licences of refunded orders", revoked);
  app.require_subcommand(1);
  return [options, chosen] { return (*chosen)(*options); };
}

}  // namespace circuit::cli
