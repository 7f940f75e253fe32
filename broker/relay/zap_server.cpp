#include "broker/relay/zap_server.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "broker/client/socket.hpp"
#include "schema/crypto.hpp"

namespace circuit::relay {
namespace {

using client::text_of;
using Clock = std::chrono::steady_clock;

constexpr std::string_view endpoint = "inproc://zeromq.zap.01";
constexpr std::string_view zap_version = "1.0";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t random_bytes = 12;
constexpr std::chrono::milliseconds answers_wait{2};
constexpr std::size_t answers_max = 10'000;  // beyond it, who asks to come in is not heard

// A request's frames: libzmq's id, an empty one, version, request id, domain, address, routing id, mechanism, and with
// CURVE the public key.
constexpr std::size_t request_frames = 9;

// ZMTP metadata (RFC 23): the name's size in one byte, the name, the value's size in four, the value. libzmq takes
// "Identity" from here for the connection's routing id.
std::string routing_id_metadata() {
  constexpr std::string_view name = "Identity";
  std::array<std::uint8_t, random_bytes> random;
  randombytes_buf(random.data(), random.size());
  const std::string id = schema::base64url_encode(schema::bytes_of(random));  // no NUL: it is read as text later
  std::string metadata(1, static_cast<char>(name.size()));
  metadata += name;
  metadata.append({0, 0, 0, static_cast<char>(id.size())});
  return metadata + id;
}

std::string z85_of(std::string_view key) {
  std::array<char, key_bytes * 5 / 4 + 1> text;
  zmq_z85_encode(text.data(), reinterpret_cast<const std::uint8_t*>(key.data()), key.size());
  return text.data();
}

zmq::socket_t bound(zmq::context_t& context) {
  zmq::socket_t socket(context, zmq::socket_type::router);
  socket.set(zmq::sockopt::linger, 0);
  socket.bind(std::string(endpoint));
  return socket;
}

}  // namespace

bool may_connect(const config::Upstream& upstream, std::string_view domain) {
  const auto is_stream = [](const std::string& request) { return request == "subscribe"; };
  if (domain == stream_domain) return std::ranges::any_of(upstream.requests, is_stream);
  return domain == orders_domain && !std::ranges::all_of(upstream.requests, is_stream);
}

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
  if (answers_.size() < answers_max) answers_.push_back(answer_to(request));
}

void ZapServer::send_due() {
  for (const auto now = Clock::now(); !answers_.empty() && answers_.front().due <= now; answers_.pop_front()) {
    const std::vector<std::string>& frames = answers_.front().frames;
    (void)client::send_now(socket_, std::vector<std::string_view>(frames.begin(), frames.end()));
  }
}

ZapServer::Answer ZapServer::answer_to(std::vector<zmq::message_t>& request) {
  std::string status = "400";
  std::string text = "not known here";
  std::string user_id;
  std::string metadata;
  const auto now = Clock::now();
  if (request.size() == request_frames && text_of(request[7]) == "CURVE" && request[8].size() == key_bytes) {
    const std::string key = z85_of(text_of(request[8]));
    const std::string_view domain = text_of(request[4]);
    const auto upstream = upstreams_.find(key);
    if (upstream && may_connect(*upstream, domain)) {
      status = "200";
      text = "OK";
      user_id = key;
      metadata = routing_id_metadata();
    } else if (now >= next_line_) {
      // Strangers decide how often they come; they must not decide how long the log gets.
      next_line_ = now + std::chrono::seconds(1);
      spdlog::info("zap: {} from {} was refused at {}: {}", upstream ? upstream->name : "a stranger",
                   text_of(request[5]), domain, upstream ? "its entry has no such request" : key);
    }
  }
  const std::string request_id(request.size() > 3 ? text_of(request[3]) : "");
  return {
      now + answers_wait,
      {std::string(text_of(request[0])), "", std::string(zap_version), request_id, status, text, user_id, metadata}};
}

}  // namespace circuit::relay
