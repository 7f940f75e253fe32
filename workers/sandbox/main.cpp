#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <zmq.hpp>

#include "broker/client/endpoints.hpp"
#include "broker/daemon/run.hpp"
#include "workers/sandbox/sandbox.hpp"

namespace {

using namespace circuit;
using std::chrono::milliseconds;

// Until something arrives, a slow charge is due, or the supervisor wants a sign of life.
milliseconds wait_for(const std::optional<sandbox::TimePoint>& due) {
  constexpr milliseconds longest{1'000};
  if (!due) return longest;
  // A millisecond more than rounded down, so that a poll does not end just before the time and spin.
  const auto left = std::chrono::duration_cast<milliseconds>(*due - std::chrono::steady_clock::now()) + milliseconds(1);
  return std::clamp(left, milliseconds(0), longest);
}

void serve(daemon::Context& context) {
  sandbox::Ledger ledger(context.data() / "sandbox");
  if (ledger.cut_bytes() != 0) spdlog::warn("cut {} bytes of a torn line off the ledger", ledger.cut_bytes());
  spdlog::info("the ledger has {} lines, {} keys", ledger.lines(), ledger.keys());
  zmq::context_t sockets;
  sandbox::Sandbox sandbox(sockets, client::sandbox_endpoint(context.data()), ledger);
  context.ready();
  while (!context.stopping()) {
    std::array<zmq::pollitem_t, 2> items = {
        {{sandbox.socket().handle(), 0, ZMQ_POLLIN, 0}, {nullptr, context.stop_fd(), ZMQ_POLLIN, 0}}};
    zmq::poll(items.data(), items.size(), wait_for(sandbox.next_due()));
    sandbox.step(std::chrono::steady_clock::now());
    context.alive();
  }
}

}  // namespace

int main(int argc, char** argv) {
  return daemon::run(argc, argv, {"circuit-sandbox", "The test counterparty: captures, voids and refunds like a bank."},
                     serve);
}
