// What libzmq asks at a handshake and what it is answered (ZAP 1.0, ZeroMQ RFC 27), as frames, without a socket.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "broker/relay/upstreams.hpp"

namespace circuit::relay {

// The domains of our sockets.
inline constexpr std::string_view orders_domain = "orders";  // for whoever may send any request
inline constexpr std::string_view stream_domain = "stream";  // for whoever may subscribe

// Whether an upstream may connect to the sockets of a domain.
[[nodiscard]] bool may_connect(const config::Upstream& upstream, std::string_view domain);

// The keys of those that may.
[[nodiscard]] std::set<std::string> keys_of(const std::vector<config::Upstream>& upstreams, std::string_view domain);

struct ZapAnswer {
  std::vector<std::string> frames;
  std::string refused;  // who was not let in and why, for the log; empty when he was, or when nobody asked to
};

// The answer to a message's frames, of which there is at least one: 200 for a request about the key of an upstream that
// may connect to the domain, with the key as user id and `routing_id` as the connection's; 400 for everything else.
// `routing_id` has no NUL and at most 255 bytes.
[[nodiscard]] ZapAnswer answer_zap(const std::vector<std::string_view>& request, const Upstreams& upstreams,
                                   std::string_view routing_id);

}  // namespace circuit::relay
