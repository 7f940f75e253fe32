// Copies what an order delivered. A file counts only if its size and SHA-256 are what the order's event says; nothing
// is replaced unless that was asked for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ops/cli/circuit.hpp"

namespace circuit::cli {

struct DeliveredCopy {
  std::string name;
  std::uint64_t size = 0;
  std::string sha256;  // in hex
};

struct Delivery {
  std::string order_id;
  std::string product_id;
  std::filesystem::path out;
  std::vector<DeliveredCopy> files;
};

// Redeems the token and copies to `out`, which is made; empty: ./<order id>. A licence becomes license.txt. Throws
// Failure when the token is refused, a file is not what it should be, or one is there already and not `force`.
[[nodiscard]] Delivery deliver(Circuit& circuit, const std::string& token, const std::filesystem::path& out,
                               bool force);

}  // namespace circuit::cli
