#include "workers/fulfillment/catalogue.hpp"

#include "broker/config/config_error.hpp"
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

}  // namespace

Catalogue::Catalogue(const std::vector<config::Product>& products, const std::filesystem::path& data) {
  for (const config::Product& product : products) handlers_.emplace(product.id, make_handler(product, data));
}

}  // namespace circuit::fulfillment
