// circuit demo: three orders with real data through real daemons, in a directory of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ops/cli/circuit.hpp"
#include "ops/verify/verify.hpp"

namespace circuit::cli {

struct DemoOrder {
  std::filesystem::path csv;
  std::string id;
  std::vector<Json> events;     // of this order
  Json order;                   // at the end
  std::filesystem::path files;  // where what it delivered lies
};

struct DemoResult {
  std::vector<DemoOrder> orders;
  Json totals;
  Json receipt;  // of the first order
  ops::VerifyReport audit;
  std::int64_t elapsed_us = 0;  // from the first order sent to the last one delivered
  [[nodiscard]] bool good() const;
};

// Orders an analysis of each file, waits until all are delivered, fetches what they delivered to
// <data>/delivered/<name of the file>, and checks the audit log. The circuit is up. Throws Failure.
[[nodiscard]] DemoResult run_demo(Circuit& circuit, const std::vector<std::filesystem::path>& files);

[[nodiscard]] std::string demo_text(const DemoResult& result);
[[nodiscard]] Json demo_json(const DemoResult& result);

}  // namespace circuit::cli
