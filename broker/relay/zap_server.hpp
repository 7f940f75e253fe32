// Decides at the handshake who gets in (ZAP, ZeroMQ RFC 27), on a thread of its own: libzmq asks it about every
// connection of this context's CURVE sockets, with the socket's domain and the peer's public key.
//
// An accepted connection gets as User-Id its public key, and as routing id 16 random characters. A ROUTER would
// otherwise believe what the peer calls itself: a peer could take the name of another one that is away, and with it the
// replies that are still on their way to that one. libzmq 4.3.4 takes our routing id only if the answer is not there
// yet when it looks for the first time, right after it has asked; so answers wait for a moment. Should it have looked
// later than that all the same, the connection's messages are refused (peer.hpp).
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "broker/daemon/service_thread.hpp"
#include "broker/relay/upstreams.hpp"

namespace circuit::relay {

class ZapServer {
 public:
  // Must be there before the first CURVE socket of the context is bound. `upstreams` must live as long.
  ZapServer(zmq::context_t& context, const Upstreams& upstreams);

  // Throws what ended the thread, if anything did: nobody new would get in.
  void check() const { thread_.check(); }

 private:
  struct Answer {
    std::chrono::steady_clock::time_point due;
    std::vector<std::string> frames;
  };

  void run(int stop_fd);
  void receive();
  void send_due();

  zmq::socket_t socket_;
  const Upstreams& upstreams_;
  std::deque<Answer> answers_;                         // in the order of their times
  std::chrono::steady_clock::time_point next_line_{};  // of the log, about refused peers
  daemon::ServiceThread thread_;
};

}  // namespace circuit::relay
