// Where customers' inputs and deliverables lie below the data directory; the broker and the fulfillment workers share
// both.
//   inputs/<first two hex digits>/<SHA-256 in hex>            a MessagePack map
//   deliverables/<order id>/<directory>/<file>                <directory> is what the order_fulfilled names
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "schema/crypto.hpp"
#include "schema/order_id.hpp"

namespace circuit::daemon {

// `sha256` is the hash's 32 bytes.
[[nodiscard]] inline std::filesystem::path input_path(const std::filesystem::path& data, std::string_view sha256) {
  const std::string hex = schema::hex_encode(schema::bytes_of(sha256));
  return data / "inputs" / hex.substr(0, 2) / hex;
}

[[nodiscard]] inline std::filesystem::path deliverables_directory(const std::filesystem::path& data) {
  return data / "deliverables";
}

// Holds one directory for each lease that delivered files for the order.
[[nodiscard]] inline std::filesystem::path deliverable_directory(const std::filesystem::path& data,
                                                                 const schema::Uuid& order) {
  return deliverables_directory(data) / schema::order_id_text(order);
}

// `directory` is the name in the order_fulfilled.
[[nodiscard]] inline std::filesystem::path deliverable_directory(const std::filesystem::path& data,
                                                                 const schema::Uuid& order,
                                                                 std::string_view directory) {
  return deliverable_directory(data, order) / directory;
}

// What the broker left when it refused to start because of the audit log: how far that and its journal agree, as JSON.
[[nodiscard]] inline std::filesystem::path audit_ahead_path(const std::filesystem::path& data) {
  return data / "audit-ahead.json";
}

}  // namespace circuit::daemon
