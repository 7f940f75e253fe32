// Requests from the network to the broker's relay.sock, and its replies back. Everything is read here first: what is no
// request, or may not be asked, is answered here and never reaches the broker.
#pragma once

#include <cstdint>
#include <string>
#include <zmq.hpp>

#include "broker/client/socket.hpp"
#include "broker/relay/gate.hpp"
#include "broker/relay/upstreams.hpp"
#include "schema/document.hpp"

namespace circuit::relay {

class RequestRelay {
 public:
  // `network` is a bound ROUTER, `broker` a DEALER that connects to relay.sock.
  RequestRelay(zmq::socket_t network, zmq::socket_t broker, const Upstreams& upstreams, Gate& gate);

  [[nodiscard]] zmq::socket_t& network() { return network_; }
  [[nodiscard]] zmq::socket_t& broker() { return broker_; }

  // Reads what has arrived on both sides, up to a limit.
  void turn(std::int64_t now_us);

 private:
  void take_request(client::Frames& frames, std::int64_t now_us);
  void take_reply(client::Frames& frames);
  void refuse(const client::Frames& request, std::string_view packed_request_id, const schema::Refusal& refusal);

  zmq::socket_t network_;
  zmq::socket_t broker_;
  const Upstreams& upstreams_;
  Gate& gate_;
  schema::Document document_;
};

}  // namespace circuit::relay
