#include "workers/payment/worker.hpp"

#include <algorithm>
#include <array>

namespace circuit::payment {

using std::chrono::milliseconds;

namespace {

// No longer than the work client's heartbeat, which is sent by step().
constexpr milliseconds wait_max{500};
constexpr milliseconds goodbye_linger{500};

client::WorkClientOptions client_options(const WorkerOptions& options) {
  client::WorkClientOptions client;
  client.endpoint = options.work_endpoint;
  client.role = schema::Role::payment;
  client.name = options.name;
  client.credit = static_cast<std::uint32_t>(options.flow.in_flight_max);
  client.stall_after = options.stall_after;
  return client;
}

}  // namespace

Worker::Worker(zmq::context_t& context, const WorkerOptions& options, PaymentProvider& provider)
    : provider_(provider),
      client_(context, client_options(options)),
      flow_(options.flow, provider, [this](const schema::Outcome& outcome) { client_.add(outcome); }) {}

void Worker::step(TimePoint now) {
  const bool in_time = client_.receive([&](const schema::Job& job) { flow_.on_job(job, now); },
                                       [&](const schema::Refused& refused) { flow_.on_refused(refused, now); });
  if (!in_time) {
    flow_.abandon();
    provider_.forget_unsent();
  }
  // Answers before time-outs: one that lay here while the loop was busy is not late.
  provider_.receive([&](const ProviderAnswer& answer) { flow_.on_answer(answer, now); });
  flow_.tick(now);
  provider_.flush();
  client_.flush();
}

void Worker::wait(int stop_fd) {
  milliseconds timeout = wait_max;
  if (const auto due = flow_.next_due()) {
    const auto left = std::chrono::ceil<milliseconds>(*due - std::chrono::steady_clock::now());
    timeout = std::clamp(left, milliseconds(0), wait_max);
  }
  std::array<zmq::pollitem_t, 3> items = {
      {{client_.socket().handle(), 0, ZMQ_POLLIN, 0}, provider_.poll_item(), {nullptr, stop_fd, ZMQ_POLLIN, 0}}};
  zmq::poll(items.data(), stop_fd < 0 ? 2 : 3, timeout);
}

void Worker::goodbye() {
  client_.goodbye();
  // The socket is closed next, and by default drops what it has not written yet.
  client_.socket().set(zmq::sockopt::linger, static_cast<int>(goodbye_linger.count()));
}

}  // namespace circuit::payment
