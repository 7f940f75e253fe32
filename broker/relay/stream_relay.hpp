// The event stream to the network: publications one way, replay requests and their answers both ways. As with the
// broker's own stream, everything here may be lost, and a subscriber asks again (law 1).
#pragma once

#include <cstdint>
#include <functional>
#include <zmq.hpp>

#include "broker/client/socket.hpp"
#include "broker/relay/gate.hpp"
#include "broker/relay/upstreams.hpp"
#include "schema/document.hpp"

namespace circuit::relay {

class PublicationRelay {
 public:
  // `bind` makes a bound XPUB, now and at each `reopen`; `broker` is a SUB that connects to events.sock.
  PublicationRelay(std::function<zmq::socket_t()> bind, zmq::socket_t broker);

  [[nodiscard]] zmq::socket_t& network() { return network_; }
  [[nodiscard]] zmq::socket_t& broker() { return broker_; }
  void turn();
  // Ends all connections: libzmq cannot end a single one. Who may still subscribe connects again by himself, and asks
  // for what he missed.
  void reopen();

 private:
  void count_subscriptions();

  std::function<zmq::socket_t()> bind_;
  zmq::socket_t network_;
  zmq::socket_t broker_;
  std::size_t subscriptions_ = 0;  // different ones; at 0 the broker sends us nothing
};

class ReplayRelay {
 public:
  // `network` is a bound ROUTER, `broker` a DEALER that connects to replay.sock.
  ReplayRelay(zmq::socket_t network, zmq::socket_t broker, const Upstreams& upstreams, Gate& gate);

  [[nodiscard]] zmq::socket_t& network() { return network_; }
  [[nodiscard]] zmq::socket_t& broker() { return broker_; }
  void turn(std::int64_t now_us);

 private:
  void take_request(client::Frames& frames, std::int64_t now_us);
  void take_answer(client::Frames& frames);

  zmq::socket_t network_;
  zmq::socket_t broker_;
  const Upstreams& upstreams_;
  Gate& gate_;
  schema::Document document_;
};

}  // namespace circuit::relay
