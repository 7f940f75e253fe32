// Licence keys: nothing to make and nothing to store, because the key is derived when the customer redeems the token.
#pragma once

#include "workers/fulfillment/handler.hpp"

namespace circuit::fulfillment {

class LicenseKeyHandler final : public FulfillmentHandler {
 public:
  [[nodiscard]] bool inline_in_loop() const override { return true; }
  [[nodiscard]] HandlerResult run(const Request&) override { return DeliveredLicense{}; }
};

}  // namespace circuit::fulfillment
