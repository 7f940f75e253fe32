#include <spdlog/spdlog.h>

#include <chrono>
#include <zmq.hpp>

#include "broker/client/endpoints.hpp"
#include "broker/daemon/run.hpp"
#include "workers/payment/sandbox_provider.hpp"
#include "workers/payment/worker.hpp"

namespace {

using namespace circuit;

// How long answers that are on their way may still end their orders after the daemon was asked to stop.
constexpr std::chrono::milliseconds drain_max{500};

void work(daemon::Context& context) {
  const config::Settings::Payment& settings = context.settings().payment;
  const std::chrono::milliseconds timeout(settings.timeout_ms);
  zmq::context_t sockets;
  payment::SandboxProvider provider(sockets, {client::sandbox_endpoint(context.data()), timeout});
  payment::Worker worker(
      sockets,
      {client::work_endpoint(context.data()),
       context.name(),
       {timeout, static_cast<std::size_t>(settings.in_flight_max)},
       client::stall_after_of(context.settings().dispatch.worker_silence_ms, context.settings().dispatch.lease_ms)},
      provider);
  context.ready();
  while (!context.stopping()) {
    worker.wait(context.stop_fd());
    worker.step(std::chrono::steady_clock::now());
    context.alive();
  }

  worker.drain();
  const auto end = std::chrono::steady_clock::now() + drain_max;
  while (worker.in_flight() != 0 && std::chrono::steady_clock::now() < end) {
    worker.wait(-1);
    worker.step(std::chrono::steady_clock::now());
  }
  if (worker.in_flight() != 0)
    spdlog::info("{} payments go back to the broker with an unknown outcome", worker.in_flight());
  worker.goodbye();
}

}  // namespace

int main(int argc, char** argv) {
  return daemon::run(argc, argv, {"circuit-payment", "Charges, voids and refunds orders at the payment provider."},
                     work);
}
