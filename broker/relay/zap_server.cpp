#include "broker/relay/zap_server.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "broker/client/socket.hpp"

namespace circuit::relay {
namespace {

using client::text_of;

constexpr std::string_view endpoint = "inproc://zeromq.zap.01";
constexpr std::string_view zap_version = "1.0";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t routing_id_bytes = 16;

// A request's frames: version, request id, domain, address, routing id, mechanism, and with CURVE the public key.
constexpr std::size_t request_frames = 7;

// ZMTP metadata (RFC 23): the name's size in one byte, the name, the value's size in four, the value. libzmq takes
// "Identity" from here for the connection's routing id.
std::string routing_id_metadata() {
  constexpr std::string_view name = "Identity";
  std::array<char, routing_id_bytes> id;
  randombytes_buf(id.data(), id.size());
  std::string metadata(1, static_cast<char>(name.size()));
  metadata += name;
  metadata.append({0, 0, 0, static_cast<char>(id.size())});
  return metadata.append(id.data(), id.size());
}

std::string z85_of(std::string_view key) {
  std::array<char, key_bytes * 5 / 4 + 1> text;
  zmq_z85_encode(text.data(), reinterpret_cast<const std::uint8_t*>(key.data()), key.size());
  return text.data();
}

zmq::socket_t bound(zmq::context_t& context) {
  zmq::socket_t socket(context, zmq::socket_type::rep);
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
    : socket_(bound(context)), upstreams_(upstreams), stop_(eventfd(0, EFD_CLOEXEC)) {
  thread_ = std::thread([this] {
    try {
      run();
    } catch (...) {
      failure_ = std::current_exception();
      failed_ = true;
    }
  });
}

ZapServer::~ZapServer() {
  constexpr std::uint64_t one = 1;
  (void)!write(stop_.get(), &one, sizeof one);
  thread_.join();
}

void ZapServer::check() const {
  if (failed_) std::rethrow_exception(failure_);
}

void ZapServer::run() {
  for (;;) {
    zmq::pollitem_t items[] = {{socket_.handle(), 0, ZMQ_POLLIN, 0}, {nullptr, stop_.get(), ZMQ_POLLIN, 0}};
    zmq::poll(items, 2, std::chrono::milliseconds(-1));
    if (items[1].revents) return;
    if (!items[0].revents) continue;
    std::vector<zmq::message_t> request;
    do request.emplace_back();
    while (socket_.recv(request.back()) && request.back().more());
    answer(request);
  }
}

void ZapServer::answer(std::vector<zmq::message_t>& request) {
  std::string status = "400";
  std::string text = "not known here";
  std::string user_id;
  std::string metadata;
  if (request.size() == request_frames && text_of(request[5]) == "CURVE" && request[6].size() == key_bytes) {
    const std::string key = z85_of(text_of(request[6]));
    const auto upstream = upstreams_.find(key);
    if (upstream && may_connect(*upstream, text_of(request[2]))) {
      status = "200";
      text = "OK";
      user_id = key;
      metadata = routing_id_metadata();
    } else if (const auto now = std::chrono::steady_clock::now(); now >= next_line_) {
      // Strangers decide how often they come; they must not decide how long the log gets.
      next_line_ = now + std::chrono::seconds(1);
      spdlog::info("zap: {} from {} was refused at {}: {}", upstream ? upstream->name : "a stranger",
                   text_of(request[3]), text_of(request[2]), upstream ? "its entry has no such request" : key);
    }
  }
  const std::string request_id(request.size() > 1 ? text_of(request[1]) : "");
  const std::string_view frames[] = {zap_version, request_id, status, text, user_id, metadata};
  for (const std::string_view& frame : frames)
    socket_.send(zmq::const_buffer(frame.data(), frame.size()),
                 &frame == std::end(frames) - 1 ? zmq::send_flags::none : zmq::send_flags::sndmore);
}

}  // namespace circuit::relay
