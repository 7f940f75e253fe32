// What an order's upstream is called in the journal: "local:<uid>" on ipc, "tcp:<address>" on tcp without encryption,
// "curve:<name>" on the network, where the name is that of its entry in the config. Stored, so these never change.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace circuit::schema {

inline constexpr std::string_view network_upstream_prefix = "curve:";

[[nodiscard]] inline std::string network_upstream(std::string_view name) {
  return std::string(network_upstream_prefix) + std::string(name);
}

[[nodiscard]] constexpr bool is_network_upstream(std::string_view upstream) {
  return upstream.starts_with(network_upstream_prefix);
}

// The name in the config; nothing for an upstream of this machine.
[[nodiscard]] constexpr std::optional<std::string_view> network_name_of(std::string_view upstream) {
  if (!is_network_upstream(upstream)) return std::nullopt;
  return upstream.substr(network_upstream_prefix.size());
}

}  // namespace circuit::schema
