// circuit deliver.
#include <memory>

#include "ops/cli/command.hpp"
#include "ops/cli/delivery.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  JsonOption json;
  std::string token;
  std::string out;
  bool force = false;
};

Json delivery_json(const Delivery& delivery) {
  Json files = Json::array();
  for (const DeliveredCopy& file : delivery.files)
    files.push_back({{"name", file.name},
                     {"size", file.size},
                     {"sha256", file.sha256},
                     {"path", (delivery.out / file.name).string()}});
  return {{"order_id", delivery.order_id},
          {"product_id", delivery.product_id},
          {"out", delivery.out.string()},
          {"files", std::move(files)}};
}

std::string delivery_text(const Delivery& delivery) {
  Table table({{""}, {"", Align::right}, {""}});
  for (const DeliveredCopy& file : delivery.files)
    table.add({(delivery.out / file.name).string(), bytes_text(file.size), "sha256 " + file.sha256});
  return table.text();
}

ExitCode run_deliver(const Options& options) {
  Circuit circuit(options.data.data);
  const Delivery delivery = deliver(circuit, options.token, options.out, options.force);
  print(options.json.json ? json_text(delivery_json(delivery)) : delivery_text(delivery));
  return ExitCode::ok;
}

}  // namespace

Action declare_deliver(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("TOKEN", options->token, "The order's delivery token")->required();
  app.add_option("--out", options->out, "Where the files go; ./ORDER_ID if not given")->type_name("DIR");
  app.add_flag("--force", options->force, "Replace files that are there");
  options->data.declare(app);
  options->json.declare(app);
  return [options] { return run_deliver(*options); };
}

}  // namespace circuit::cli
