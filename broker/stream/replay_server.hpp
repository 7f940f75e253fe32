// Answers replay requests on a thread of its own, so that a late subscriber that reads millions of events never delays
// an order.
#pragma once

#include <zmq.hpp>

#include "broker/client/socket.hpp"
#include "broker/daemon/service_thread.hpp"
#include "broker/journal/journal.hpp"

namespace circuit::stream {

struct ReplayLimits {
  std::uint32_t events_max = 10'000;
  std::size_t bytes_max = 1 << 20;
};

class ReplayServer {
 public:
  // The socket must be a bound ROUTER; the server's thread is its only user from now on.
  ReplayServer(zmq::socket_t socket, journal::Journal& journal, ReplayLimits limits);

  // Throws what ended the thread, if anything did: a broker without replays must not go on.
  void check() const { thread_.check(); }

 private:
  void run(int stop_fd);
  void answer(const client::Frames& frames);

  zmq::socket_t socket_;
  journal::Journal& journal_;
  ReplayLimits limits_;
  daemon::ServiceThread thread_;
};

}  // namespace circuit::stream
