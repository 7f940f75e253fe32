// The edge to the network: the only process that binds an address which others reach. It holds sockets and its own
// CURVE key and nothing else, so that a peer that makes it run out of memory (libzmq cannot bound a message of endless
// frames) takes at most this process with it, which is started again.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "broker/daemon/context.hpp"
#include "broker/relay/gate.hpp"
#include "broker/relay/request_relay.hpp"
#include "broker/relay/stream_relay.hpp"
#include "broker/relay/upstreams.hpp"
#include "broker/relay/zap_server.hpp"

namespace circuit::relay {

class Relay {
 public:
  // The config must have an endpoint. Throws config::ConfigError without a good key file.
  explicit Relay(const daemon::Context& context);

  // One turn: waits for something to do, but not past `stop_fd` or about a second.
  void step(int stop_fd);

  // Who may come in from now on. Open connections of others get no further: their requests are answered `unauthorized`.
  // When somebody may not subscribe any more, all subscribers are made to connect again.
  void replace(const std::vector<config::Upstream>& upstreams);

 private:
  void wait(int stop_fd);

  Upstreams upstreams_;
  std::set<std::string> subscribers_;  // the keys of those that may be
  zmq::context_t zmq_;
  ZapServer zap_;
  Gate requests_gate_;
  Gate stream_gate_;
  std::optional<RequestRelay> requests_;
  std::optional<PublicationRelay> publications_;
  std::optional<ReplayRelay> replays_;
};

}  // namespace circuit::relay
