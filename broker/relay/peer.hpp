// Who sent a message that came in over the network: what ZAP found out about the connection, never what the peer says.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <zmq.hpp>

#include "broker/relay/upstreams.hpp"

namespace circuit::relay {

struct Peer {
  std::shared_ptr<const config::Upstream> upstream;  // nullptr: its key is not in the table any more
  std::string address;                               // canonical text; empty when libzmq has none
  bool has_our_id = false;                           // its routing id is the one that ZAP gave it (zap_server.hpp)
};

// `payload` is the message's last frame: libzmq 4.3.4 may lose what it knows of a connection on the first one.
// `routing_id` is the message's first.
[[nodiscard]] Peer peer_of(std::string_view routing_id, zmq::message_t& payload, const Upstreams& upstreams);

}  // namespace circuit::relay
