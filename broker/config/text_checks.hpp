// What a setting's text must look like, beyond being text. Each check gives nothing when it is good, otherwise a phrase
// that follows the key: "is …; …".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace circuit::config {

// An additional endpoint: ipc:// with a path, or tcp:// with an address of 127.0.0.0/8 and a port.
[[nodiscard]] std::optional<std::string> endpoint_fault(std::string_view endpoint);

// An endpoint of the relay: tcp:// with an address of this host, or `*`, and a port. IPv6 addresses stand in brackets.
[[nodiscard]] std::optional<std::string> relay_endpoint_fault(std::string_view endpoint);

// Where a relay is on the network: tcp:// with a host and a port.
[[nodiscard]] std::optional<std::string> remote_endpoint_fault(std::string_view endpoint);

// A CURVE key: 32 bytes in Z85 (ZeroMQ RFC 32), 40 characters.
[[nodiscard]] std::optional<std::string> curve_key_fault(std::string_view key);

// An upstream's name: 1 to 64 letters, digits, '_', '-' and '.'.
[[nodiscard]] std::optional<std::string> upstream_name_fault(std::string_view name);

// A product's id: 1 to schema::product_id_bytes_max letters, digits, '_', '-' and '.'.
[[nodiscard]] std::optional<std::string> product_id_fault(std::string_view id);

// Where customers pay: http or https, a host, no white space, no braces but those of "{order_id}".
[[nodiscard]] std::optional<std::string> payment_url_fault(std::string_view url);

// The url with an "{order_id}": as it is when it has one, otherwise the id becomes the last part of the path.
[[nodiscard]] std::string with_order_id(std::string url);

}  // namespace circuit::config
