#include "broker/relay/zap_server.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include "broker/client/socket.hpp"
#include "broker/relay/zap.hpp"
#include "schema/crypto.hpp"

namespace circuit::relay {
namespace {

using client::text_of;
using Clock = std::chrono::steady_clock;

constexpr std::string_view endpoint = "inproc://zeromq.zap.01";
constexpr std::size_t random_bytes = 12;
constexpr std::chrono::milliseconds answers_wait{2};
constexpr std::size_t answers_max = 10'000;  // beyond it, who asks to come in is not heard

std::string random_routing_id() {
  std::array<std::uint8_t, random_bytes> random;
  randombytes_buf(random.data(), random.size());
  return schema::base64url_encode(schema::bytes_of(random));  // no NUL: it is read as text later
}

zmq::socket_t bound(zmq::context_t& context) {
  zmq::socket_t socket(context, zmq::socket_type::router);
  socket.set(zmq::sockopt::linger, 0);
  socket.bind(std::string(endpoint));
  return socket;
}

}  // namespace

ZapServer::ZapServer(zmq::context_t& context, const Upstreams& upstreams)
    : socket_(bound(context)), upstreams_(upstreams), thread_([this](int stop_fd) { run(stop_fd); }) {}

void ZapServer::run(int stop_fd) {
  for (;;) {
    zmq::pollitem_t items[] = {{socket_.handle(), 0, ZMQ_POLLIN, 0}, {nullptr, stop_fd, ZMQ_POLLIN, 0}};
    std::chrono::milliseconds patience{-1};
    if (!answers_.empty()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(answers_.front().due - Clock::now());
      patience = std::max(left, std::chrono::milliseconds(0));
    }
    zmq::poll(items, 2, patience);
    if (items[1].revents) return;
    if (items[0].revents) receive();
    send_due();
  }
}

void ZapServer::receive() {
  std::vector<zmq::message_t> request;
  do request.emplace_back();
  while (socket_.recv(request.back()) && request.back().more());
  if (answers_.size() >= answers_max) return;
  std::vector<std::string_view> frames;
  for (const zmq::message_t& frame : request) frames.push_back(text_of(frame));
  const auto now = Clock::now();
  ZapAnswer answer = answer_zap(frames, upstreams_, random_routing_id());
  if (!answer.refused.empty() && now >= next_line_) {
    // Strangers decide how often they come; they must not decide how long the log gets.
    next_line_ = now + std::chrono::seconds(1);
    spdlog::info("zap: {}", answer.refused);
  }
  answers_.push_back({now + answers_wait, std::move(answer.frames)});
}

void ZapServer::send_due() {
  for (const auto now = Clock::now(); !answers_.empty() && answers_.front().due <= now; answers_.pop_front()) {
    const std::vector<std::string>& frames = answers_.front().frames;
    (void)client::send_now(socket_, std::vector<std::string_view>(frames.begin(), frames.end()));
  }
}

}  // namespace circuit::relay
