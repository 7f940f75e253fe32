// Which handler makes which product.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "broker/config/settings.hpp"
#include "workers/fulfillment/handler.hpp"

namespace circuit::fulfillment {

class Catalogue {
 public:
  // `data` is the data directory. Throws config::ConfigError when the settings ask for what this system can't give.
  Catalogue(const config::Settings& settings, const std::filesystem::path& data);

  // Nothing for a product that is not sold any more. Shared: a run may outlive the worker.
  [[nodiscard]] const std::shared_ptr<FulfillmentHandler>* find(std::string_view product_id) const {
    const auto found = handlers_.find(std::string(product_id));
    return found == handlers_.end() ? nullptr : &found->second;
  }

 private:
  std::unordered_map<std::string, std::shared_ptr<FulfillmentHandler>> handlers_;
};

}  // namespace circuit::fulfillment
