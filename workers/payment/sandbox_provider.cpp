#include "workers/payment/sandbox_provider.hpp"

#include <spdlog/spdlog.h>

#include "broker/client/socket.hpp"
#include "schema/codec.hpp"

namespace circuit::payment {
namespace {

// A batch closes behind these many bytes or requests; both are far below what a message may have.
constexpr std::size_t batch_bytes_max = 1 << 20;
constexpr std::uint32_t batch_requests_max = 4'000;

ProviderResult result_of(sandbox::Result result) {
  switch (result) {
    case sandbox::Result::captured: return ProviderResult::captured;
    case sandbox::Result::declined: return ProviderResult::declined;
    case sandbox::Result::voided: return ProviderResult::voided;
    case sandbox::Result::refunded: return ProviderResult::refunded;
    case sandbox::Result::not_found: return ProviderResult::not_found;
    case sandbox::Result::pending: return ProviderResult::pending;
    case sandbox::Result::none:
    case sandbox::Result::error: break;
  }
  return ProviderResult::error;
}

}  // namespace

SandboxProvider::SandboxProvider(zmq::context_t& context, SandboxProviderOptions options)
    : options_(std::move(options)), socket_(client::make_socket(context, zmq::socket_type::dealer)) {
  // Without this, libzmq keeps what is sent while nobody is there, and delivers it whenever somebody comes.
  socket_.set(zmq::sockopt::immediate, true);
  socket_.connect(options_.endpoint);
}

void SandboxProvider::charge(const ProviderRequest& request) { add(sandbox::OperationKind::charge, request); }
void SandboxProvider::lookup(const ProviderRequest& request) { add(sandbox::OperationKind::lookup, request); }
void SandboxProvider::void_charge(const ProviderRequest& request) { add(sandbox::OperationKind::void_charge, request); }
void SandboxProvider::refund(const ProviderRequest& request) { add(sandbox::OperationKind::refund, request); }

void SandboxProvider::add(sandbox::OperationKind kind, const ProviderRequest& request) {
  if (unsent_.empty() || unsent_.back().count >= batch_requests_max ||
      unsent_.back().operations.size() >= batch_bytes_max)
    unsent_.push_back({{}, 0, std::chrono::steady_clock::now()});
  Batch& batch = unsent_.back();
  schema::encode(
      batch.operations,
      sandbox::Operation{
          request.number, kind, {request.order, request.attempt}, request.amount, request.currency, request.behaviour});
  ++batch.count;
}

void SandboxProvider::flush() {
  std::size_t gone = 0;
  for (; gone < unsent_.size(); ++gone) {
    body_.clear();
    schema::Packer(body_).array(unsent_[gone].count).raw(unsent_[gone].operations);
    if (client::send_now(socket_, body_)) continue;
    if (std::chrono::steady_clock::now() - unsent_[gone].began < options_.unsent_max) break;
    spdlog::warn("{} requests were not sent: the sandbox is not there, or does not read", unsent_[gone].count);
  }
  unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(gone));
}

zmq::pollitem_t SandboxProvider::poll_item() {
  const short events = unsent_.empty() ? ZMQ_POLLIN : ZMQ_POLLIN | ZMQ_POLLOUT;
  return {socket_.handle(), 0, events, 0};
}

void SandboxProvider::receive(const std::function<void(const ProviderAnswer&)>& on_answer) {
  while (const auto frames = client::receive_now(socket_, 1)) {
    if (frames->size() != 1) continue;
    const std::string_view body = client::text_of(frames->front());
    if (!schema::decode(document_, body, answers_)) {
      spdlog::warn("a message of {} bytes from the sandbox is no batch of answers; dropped", body.size());
      continue;
    }
    for (const sandbox::Answer& answer : answers_)
      on_answer({answer.number, result_of(answer.result), answer.key.order, answer.key.attempt, answer.amount,
                 answer.currency, answer.reference, answer.message});
  }
}

}  // namespace circuit::payment
