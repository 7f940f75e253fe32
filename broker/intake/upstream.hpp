// Who speaks: read from the connection, never from what the peer says of itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <zmq.hpp>

namespace circuit::intake {

struct Peer {
  std::string upstream;         // "local:<uid>" on ipc, "tcp:<address>" on tcp
  std::string address;          // of a tcp peer; empty on ipc
  std::optional<unsigned> uid;  // of an ipc peer
};

// From the metadata of a payload frame: libzmq 4.3.4 may lose that of a message's first frame.
[[nodiscard]] Peer peer_of(zmq::message_t& payload);

}  // namespace circuit::intake
