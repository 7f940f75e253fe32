// circuit-relay: lets upstreams and subscribers on other hosts reach the broker.
#include <spdlog/spdlog.h>

#include "broker/daemon/run.hpp"
#include "broker/relay/relay.hpp"

namespace {

void relay(circuit::daemon::Context& context) {
  if (!context.settings().relay.has_endpoints()) {
    // No mistake: the systemd target starts all daemons, and most circuits are on one machine.
    spdlog::info("relay: [relay] has no endpoint, so there is nothing to do");
    context.ready();
    return;
  }
  circuit::relay::Relay relay(context);
  context.ready();
  while (!context.stopping()) {
    if (context.take_reloaded()) relay.replace(context.settings().upstreams);
    relay.step(context.stop_fd());
    context.alive();
  }
}

}  // namespace

int main(int argc, char** argv) {
  return circuit::daemon::run(
      argc, argv, {"circuit-relay", "Lets known upstreams on other hosts in, encrypted, and nobody else."}, relay);
}
