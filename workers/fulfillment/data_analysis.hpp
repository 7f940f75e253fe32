// Data analysis: the input's field "csv" becomes a report of three files.
#pragma once

#include <cstddef>

#include "workers/fulfillment/handler.hpp"

namespace circuit::fulfillment {

class DataAnalysisHandler final : public FulfillmentHandler {
 public:
  explicit DataAnalysisHandler(std::size_t input_bytes_max) : input_bytes_max_(input_bytes_max) {}
  [[nodiscard]] HandlerResult run(const Request& request) override;

 private:
  std::size_t input_bytes_max_;
};

}  // namespace circuit::fulfillment
