#include "broker/config/text_checks.hpp"

#include <algorithm>
#include <charconv>

#include <zmq.h>
#include <array>

#include "schema/limits.hpp"
#include "schema/request.hpp"

namespace circuit::config {
namespace {

constexpr std::string_view placeholder = "{order_id}";

// A unix socket's address holds 108 bytes with the zero behind the path (unix(7)).
constexpr std::size_t socket_path_bytes_max = 107;

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

// Reads a decimal number without sign or leading zeros off the front.
std::optional<int> take_number(std::string_view& text, int lowest, int highest) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || text.front() == '-' || (digits > 1 && text.front() == '0')) return std::nullopt;
  if (number < lowest || number > highest) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

// "HOST:PORT" with a port; brackets around an IPv6 address are part of the host.
std::optional<std::string_view> host_before_port(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == address.npos || colon == 0) return std::nullopt;
  std::string_view port = address.substr(colon + 1);
  if (port.empty() || !take_number(port, 1, 65'535) || !port.empty()) return std::nullopt;
  return address.substr(0, colon);
}

bool is_address(std::string_view host) {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const std::string_view address = bracketed ? host.substr(1, host.size() - 2) : host;
  return schema::canonical_ip(address) && bracketed == (address.find(':') != address.npos);
}

bool is_name(std::string_view text, std::size_t bytes_max) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  return !text.empty() && text.size() <= bytes_max && std::ranges::all_of(text, allowed);
}

bool is_loopback_with_port(std::string_view address) {
  for (int part = 0; part < 4; ++part) {
    const auto number = take_number(address, part == 0 ? 127 : 0, part == 0 ? 127 : 255);
    if (!number || address.empty() || address.front() != (part < 3 ? '.' : ':')) return false;
    address.remove_prefix(1);
  }
  return take_number(address, 1, 65'535) && address.empty();
}

}  // namespace

std::optional<std::string> endpoint_fault(std::string_view endpoint) {
  constexpr std::string_view ipc = "ipc://";
  constexpr std::string_view tcp = "tcp://";
  if (endpoint.starts_with(ipc)) {
    const std::string_view path = endpoint.substr(ipc.size());
    if (path.empty() || path.find('\0') != path.npos) return "is no endpoint; ipc:// needs a path";
    if (path.front() == '@') return "is an abstract socket, which no file mode protects; give a path";
    if (path.size() > socket_path_bytes_max) return "has too long a path; a unix socket's has at most 107 bytes";
    return std::nullopt;
  }
  if (endpoint.starts_with(tcp)) {
    if (is_loopback_with_port(endpoint.substr(tcp.size()))) return std::nullopt;
    return "is not on a loopback address; write tcp://127.0.0.1:PORT, because whoever reaches the endpoint may use it";
  }
  return "is no endpoint; write ipc://PATH or tcp://127.0.0.1:PORT";
}

std::optional<std::string> relay_endpoint_fault(std::string_view endpoint) {
  constexpr std::string_view tcp = "tcp://";
  if (endpoint.starts_with(tcp)) {
    const auto host = host_before_port(endpoint.substr(tcp.size()));
    if (host && (*host == "*" || is_address(*host))) return std::nullopt;
  }
  return "is no endpoint of a relay; write tcp://ADDRESS:PORT, with an address of this host or *";
}

std::optional<std::string> remote_endpoint_fault(std::string_view endpoint) {
  constexpr std::string_view tcp = "tcp://";
  if (endpoint.starts_with(tcp)) {
    const auto host = host_before_port(endpoint.substr(tcp.size()));
    if (host && (is_address(*host) || is_name(*host, 253))) return std::nullopt;
  }
  return "is no endpoint of a relay; write tcp://HOST:PORT";
}

std::optional<std::string> curve_key_fault(std::string_view key) {
  constexpr std::size_t characters = 40;
  std::array<std::uint8_t, 32> bytes;
  // Z85's alphabet has no NUL, and the check of the length comes first: it says how much would be written.
  if (key.size() == characters && key.find('\0') == key.npos &&
      zmq_z85_decode(bytes.data(), std::string(key).c_str()) != nullptr)
    return std::nullopt;
  return "is no CURVE key; it has 40 characters of Z85, as `circuit keygen` prints them";
}

std::optional<std::string> upstream_name_fault(std::string_view name) {
  if (is_name(name, schema::upstream_name_bytes_max)) return std::nullopt;
  return "is no name of an upstream; it has 1 to " + std::to_string(schema::upstream_name_bytes_max) +
         " letters, digits, '_', '-' and '.'";
}

std::optional<std::string> product_id_fault(std::string_view id) {
  if (is_name(id, schema::product_id_bytes_max)) return std::nullopt;
  return "is no product id; it has 1 to " + std::to_string(schema::product_id_bytes_max) +
         " letters, digits, '_', '-' and '.'";
}

std::optional<std::string> payment_url_fault(std::string_view url) {
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return "is no web address; it must begin with https:// or http://";
  }
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  if (host.empty() || host.front() == ':') return "is no web address; it names no host";
  if (!is_printable_ascii(url)) return "holds white space or characters that a web address must percent-encode";
  if (host.find_first_of("{}") != host.npos) return "has a brace in its host; {order_id} belongs behind it";
  const std::size_t at = rest.find(placeholder);
  if (at == rest.npos && rest.find_first_of("?#") != rest.npos)
    return "has a query or fragment but no {order_id}; write {order_id} where the order's id goes";
  const std::string_view before = rest.substr(0, at);
  const std::string_view behind = at == rest.npos ? "" : rest.substr(at + placeholder.size());
  if (before.find_first_of("{}") != before.npos || behind.find_first_of("{}") != behind.npos)
    return "has braces other than those of one {order_id}";
  return std::nullopt;
}

std::string with_order_id(std::string url) {
  if (url.find(placeholder) != url.npos) return url;
  if (!url.ends_with('/')) url += '/';
  return url += placeholder;
}

}  // namespace circuit::config
