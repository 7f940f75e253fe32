// Which handler makes which product.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "broker/config/settings.hpp"
#include "workers/fulfillment/handler.hpp"

namespace circuit::fulfillment {

class Catalogue {
 public:
  // The products must outlive the catalogue; `data` is the data directory.
  Catalogue(const std::vector<config::Product>& products, const std::filesystem::path& data);

  // Nothing for a product that is not sold any more. Shared: a run may outlive the worker.
  [[nodiscard]] const std::shared_ptr<FulfillmentHandler>* find(std::string_view product_id) const {
    const auto found = handlers_.find(product_id);
    return found == handlers_.end() ? nullptr : &found->second;
  }

 private:
  std::unordered_map<std::string_view, std::shared_ptr<FulfillmentHandler>> handlers_;
};

}  // namespace circuit::fulfillment
