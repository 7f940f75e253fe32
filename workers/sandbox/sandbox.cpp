#include "workers/sandbox/sandbox.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "broker/client/socket.hpp"
#include "schema/codec.hpp"

namespace circuit::sandbox {

Sandbox::Sandbox(zmq::context_t& context, const std::string& endpoint, Ledger& ledger)
    : ledger_(ledger), bank_(ledger), socket_(client::make_socket(context, zmq::socket_type::router)) {
  client::make_server(socket_);
  socket_.bind(endpoint);
}

std::size_t Sandbox::step(TimePoint now) {
  std::size_t taken = 0;
  while (taken < batch_operations_max) {
    const auto frames = client::receive_now(socket_, 2);
    if (!frames) break;
    if (frames->size() == 2) taken += take((*frames)[0], client::text_of((*frames)[1]), now);
  }
  bank_.execute_due(now, batch_operations_max,
                    [this](std::string_view peer, const Answer& answer) { add(peer, answer); });
  // Also when nobody gets an answer: money was taken, and only its answer is lost.
  ledger_.commit();
  send();
  return taken;
}

std::size_t Sandbox::take(const zmq::message_t& peer, std::string_view body, TimePoint now) {
  if (!schema::decode(document_, body, operations_) || operations_.size() > message_operations_max) {
    spdlog::warn("a message of {} bytes is no batch of operations; dropped", body.size());
    return 0;
  }
  for (const Operation& operation : operations_)
    if (const auto answer = bank_.execute(operation, client::text_of(peer), now)) add(client::text_of(peer), *answer);
  return operations_.size();
}

void Sandbox::add(std::string_view peer, const Answer& answer) {
  auto replies = std::find_if(replies_.begin(), replies_.end(), [&](const Replies& r) { return r.peer == peer; });
  if (replies == replies_.end()) {
    replies_.push_back({std::string(peer), {}, 0});
    replies = replies_.end() - 1;
  }
  schema::encode(replies->answers, answer);
  ++replies->count;
}

void Sandbox::send() {
  for (const Replies& replies : replies_) {
    body_.clear();
    schema::Packer(body_).array(replies.count).raw(replies.answers);
    // A peer that is gone or does not read loses its answers, as over any network: it looks up what it does not know.
    if (!client::send_now(socket_, replies.peer, body_))
      spdlog::info("{} answers could not be sent: the worker is gone, or its queue is full", replies.count);
  }
  replies_.clear();
}

}  // namespace circuit::sandbox
