// A create_order in the making: from what a person types, and what the catalogue knows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "broker/config/settings.hpp"
#include "ops/cli/json.hpp"

namespace circuit::cli {

struct Draft {
  std::string product;
  std::string customer;
  std::string key;                                         // idempotency key; empty: a random one
  std::optional<std::int64_t> amount;                      // minor units
  std::string currency;                                    // empty: the catalogue's
  std::vector<std::pair<std::string, std::string>> input;  // name, bytes
  std::string metadata;                                    // JSON; empty: none
  std::string client_ip;
};

// The request. Throws Failure (usage) when the metadata is no JSON object, an input comes twice, or the price is
// neither given nor in the catalogue. What else may be wrong, the broker says.
[[nodiscard]] Json create_request(const Draft& draft, const config::Settings& settings);

// "NAME=FILE" or FILE given with a fixed name, read whole. Throws Failure (usage) without a name.
[[nodiscard]] std::pair<std::string, std::string> read_input(const std::string& argument);
[[nodiscard]] std::string read_input_file(const std::string& path);

// "cli-" and 128 random bits.
[[nodiscard]] std::string random_key();

}  // namespace circuit::cli
