#include "broker/broker.hpp"
#include "broker/daemon/run.hpp"

int main(int argc, char** argv) {
  return circuit::daemon::run(argc, argv,
                              {"circuit-broker", "Takes orders, keeps them durably, and hands out their work."},
                              [](circuit::daemon::Context& context) {
                                circuit::broker::Broker broker(context);
                                context.ready();
                                while (!context.stopping()) {
                                  if (context.take_reloaded()) broker.settings_changed();
                                  broker.step(context.stop_fd());
                                  context.alive();
                                }
                              });
}
