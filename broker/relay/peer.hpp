// Who sent a message that came in over the network: what ZAP found out about the connection, never what the peer says.
#pragma once

#include <memory>
#include <string>
#include <zmq.hpp>

#include "broker/relay/upstreams.hpp"

namespace circuit::relay {

struct Peer {
  std::shared_ptr<const config::Upstream> upstream;  // nullptr: its key is not in the table any more
  std::string address;                               // canonical text; empty when libzmq has none
};

// `payload` is the message's last frame: libzmq 4.3.4 may lose what it knows of a connection on the first one.
[[nodiscard]] Peer peer_of(zmq::message_t& payload, const Upstreams& upstreams);

}  // namespace circuit::relay
