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
  std::string upstream;    // "local:<uid>" on ipc, "tcp:<address>" on tcp
  std::string address;     // of a tcp peer; empty on ipc
};

}  // namespace circuit::intake
