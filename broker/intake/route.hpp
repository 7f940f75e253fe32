// The way back to who sent a request, and who that is.
#pragma once

#include <cstdint>
#include <string>
#include <zmq.hpp>

namespace circuit::intake {

struct Route {
  zmq::socket_t* socket = nullptr;  // nullptr: pushed, nobody waits for a reply
  std::string routing_id;
  bool delimiter = false;  // REQ clients send and expect an empty frame
  bool operator_ = false;  // came over the control socket
  bool reads_all = false;  // the daemons' own user or root, who could read the journal
  std::string upstream;    // as schema/upstream.hpp has it
  std::string address;     // of a peer that is on tcp by itself; empty on ipc and through the relay
  std::string relayed;     // the relay's own frame, to be sent back; empty for all others
};

}  // namespace circuit::intake
