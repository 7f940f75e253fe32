#include "workers/fulfillment/catalogue.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "broker/config/config_error.hpp"
#include "workers/fulfillment/confinement.hpp"
#include "workers/fulfillment/data_analysis.hpp"
#include "workers/fulfillment/exec.hpp"
#include "workers/fulfillment/license_key.hpp"

namespace circuit::fulfillment {
namespace {

std::shared_ptr<FulfillmentHandler> make_handler(const config::Product& product, const std::filesystem::path& data) {
  if (product.handler == "license_key") return std::make_shared<LicenseKeyHandler>();
  if (product.handler == "data_analysis")
    return std::make_shared<DataAnalysisHandler>(static_cast<std::size_t>(product.input_bytes_max));
  if (product.handler == "exec") return std::make_shared<ExecHandler>(product.exec, data);
  throw config::ConfigError("product " + product.id + ": there is no handler " + product.handler);
}

// What holds the programs of `exec` products here, and what does not.
void check_sandbox(const config::Settings& settings) {
  const auto exec = std::ranges::find(settings.products, "exec", &config::Product::handler);
  if (exec == settings.products.end()) return;
  const int version = landlock_version();
  if (version == 0 && settings.fulfillment.exec_sandbox == "required")
    throw config::ConfigError(
        "product " + exec->id +
        ": its program could read the keys and the journal, because this kernel has no Landlock or has it switched "
        "off; boot with lsm=landlock,... or, if you trust the program with everything, set fulfillment.exec_sandbox = "
        "\"best_effort\"");
  if (version == 0)
    spdlog::warn("programs of exec products can read all files of this user: there is no Landlock here");
  else
    spdlog::info("programs of exec products are confined by Landlock, version {}", version);
}

}  // namespace

Catalogue::Catalogue(const config::Settings& settings, const std::filesystem::path& data) {
  check_sandbox(settings);
  for (const config::Product& product : settings.products) handlers_.emplace(product.id, make_handler(product, data));
}

}  // namespace circuit::fulfillment
