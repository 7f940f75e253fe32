#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdlib>
#include <zmq.hpp>

#include "broker/daemon/run.hpp"
#include "workers/fulfillment/worker.hpp"

namespace {

using namespace circuit;

// How long computations that are under way may still end after the daemon was asked to stop.
constexpr std::chrono::milliseconds drain_max{5'000};

// False when a thread was left behind.
bool work(daemon::Context& context) {
  zmq::context_t sockets;
  fulfillment::Worker worker(sockets, context.data(), context.name(), context.settings());
  context.ready();
  while (!context.stopping()) {
    if (context.take_reloaded()) worker.settings_changed();
    worker.wait(context.stop_fd());
    worker.step(std::chrono::steady_clock::now());
    context.alive();
  }

  worker.drain();
  const auto end = std::chrono::steady_clock::now() + drain_max;
  while (worker.busy() && std::chrono::steady_clock::now() < end) {
    worker.wait(-1);
    worker.step(std::chrono::steady_clock::now());
    context.alive();
  }
  return worker.goodbye();
}

}  // namespace

int main(int argc, char** argv) {
  bool all_ended = true;
  const int code = daemon::run(argc, argv, {"circuit-fulfillment", "Makes what paid orders bought."},
                               [&](daemon::Context& context) { all_ended = work(context); });
  // A thread that still computes must not see the statics go.
  if (!all_ended) std::_Exit(code);
  return code;
}
