// The sandbox as a payment provider, over its socket (workers/sandbox/protocol.hpp).
//
// Requests wait here while there is no connection, but no longer than the flow waits for their answers: a charge that
// is sent long after everybody gave it up could only surprise. Nothing is ever queued behind a dead connection.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "schema/document.hpp"
#include "workers/payment/provider.hpp"
#include "workers/sandbox/protocol.hpp"

namespace circuit::payment {

struct SandboxProviderOptions {
  std::string endpoint;
  std::chrono::milliseconds unsent_max{5'000};  // the flow's time-out
};

class SandboxProvider : public PaymentProvider {
 public:
  SandboxProvider(zmq::context_t& context, SandboxProviderOptions options);

  [[nodiscard]] std::string_view name() const override { return "sandbox"; }
  void charge(const ProviderRequest& request) override;
  void lookup(const ProviderRequest& request) override;
  void void_charge(const ProviderRequest& request) override;
  void refund(const ProviderRequest& request) override;
  void flush() override;
  void forget_unsent() override { unsent_.clear(); }
  [[nodiscard]] zmq::pollitem_t poll_item() override;
  void receive(const std::function<void(const ProviderAnswer&)>& on_answer) override;

 private:
  // Requests that leave in one message.
  struct Batch {
    std::string operations;  // encoded, without the array's head
    std::uint32_t count = 0;
    std::chrono::steady_clock::time_point began;
  };
  void add(sandbox::OperationKind kind, const ProviderRequest& request);

  SandboxProviderOptions options_;
  zmq::socket_t socket_;
  std::vector<Batch> unsent_;  // in order
  std::string body_;
  std::vector<sandbox::Answer> answers_;
  schema::Document document_;
};

}  // namespace circuit::payment
