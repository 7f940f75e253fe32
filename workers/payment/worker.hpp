// One payment worker: the broker's jobs on one side, the provider on the other, the flow between them. Stateless: what
// dies with it is handed out again as maybe tried.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <zmq.hpp>

#include "broker/client/work_client.hpp"
#include "workers/payment/flow.hpp"
#include "workers/payment/provider.hpp"

namespace circuit::payment {

struct WorkerOptions {
  std::string work_endpoint;
  std::string name;  // of this instance
  FlowOptions flow;
  std::chrono::milliseconds stall_after = client::WorkClientOptions{}.stall_after;
};

class Worker {
 public:
  // The provider must outlive the worker.
  Worker(zmq::context_t& context, const WorkerOptions& options, PaymentProvider& provider);

  // Takes what has arrived on both sides and sends what became of it. Never blocks.
  void step(TimePoint now);

  // Waits until step() has something to do, a second at most, or until `stop_fd` (-1: none) is readable.
  void wait(int stop_fd);

  // Takes no more jobs; those in flight may still end.
  void drain() { flow_.drain(); }
  [[nodiscard]] std::size_t in_flight() const { return flow_.in_flight(); }

  // Sends the last outcomes and gives all leases back. Nothing may follow.
  void goodbye();

 private:
  PaymentProvider& provider_;
  client::WorkClient client_;
  PaymentFlow flow_;
};

}  // namespace circuit::payment
