// Answers replay requests on a thread of its own, so that a late subscriber that reads millions of events never delays
// an order.
#pragma once

#include <atomic>
#include <exception>
#include <thread>
#include <zmq.hpp>

#include "broker/client/socket.hpp"
#include "broker/daemon/files.hpp"
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
  ~ReplayServer();

  // Throws what ended the thread, if anything did: a broker without replays must not go on.
  void check() const;

 private:
  void run();
  void answer(const client::Frames& frames);

  zmq::socket_t socket_;
  journal::Journal& journal_;
  ReplayLimits limits_;
  daemon::FileDescriptor stop_;
  std::exception_ptr failure_;
  std::atomic<bool> failed_ = false;
  std::thread thread_;
};

}  // namespace circuit::stream
