#include "tests/integration/client.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace circuit::integration {

zmq::context_t& sockets() {
  static zmq::context_t context;
  return context;
}

CurveKeys new_curve_keys() {
  std::array<char, 41> public_key{};
  std::array<char, 41> secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0) throw std::runtime_error("no CURVE");
  return {public_key.data(), secret_key.data()};
}

std::string free_endpoint() {
  zmq::socket_t socket(sockets(), zmq::socket_type::dealer);
  socket.set(zmq::sockopt::linger, 0);
  socket.bind("tcp://127.0.0.1:*");
  return socket.get(zmq::sockopt::last_endpoint);
}

zmq::socket_t connected(zmq::socket_type type, const std::string& endpoint, const std::optional<Curve>& curve,
                        const std::string& routing_id) {
  zmq::socket_t socket(sockets(), type);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndhwm, 100'000);
  socket.set(zmq::sockopt::rcvhwm, 100'000);
  socket.set(zmq::sockopt::reconnect_ivl, 10);
  socket.set(zmq::sockopt::reconnect_ivl_max, 100);
  if (type == zmq::socket_type::sub) socket.set(zmq::sockopt::subscribe, "");
  if (!routing_id.empty()) socket.set(zmq::sockopt::routing_id, routing_id);
  if (curve) {
    socket.set(zmq::sockopt::curve_serverkey, curve->server_key);
    socket.set(zmq::sockopt::curve_publickey, curve->own.public_key);
    socket.set(zmq::sockopt::curve_secretkey, curve->own.secret_key);
  }
  socket.connect(endpoint);
  return socket;
}

void Client::send_bytes(std::string_view bytes) {
  if (!socket_.send(zmq::const_buffer(bytes.data(), bytes.size()), zmq::send_flags::dontwait))
    throw std::runtime_error("a client's queue is full");
}

std::optional<std::string> Client::receive_bytes(milliseconds limit) {
  zmq::pollitem_t item{socket_.handle(), 0, ZMQ_POLLIN, 0};
  zmq::poll(&item, 1, std::max(limit, milliseconds(0)));
  zmq::message_t message;
  if (item.revents == 0 || !socket_.recv(message, zmq::recv_flags::dontwait)) return std::nullopt;
  if (message.more()) throw std::runtime_error("a reply of several frames");
  return message.to_string();
}

Json Client::receive(milliseconds limit) {
  const auto bytes = receive_bytes(limit);
  if (!bytes) throw std::runtime_error("no reply");
  return unpacked(*bytes);
}

std::string Client::ask_bytes(Json request, milliseconds limit) {
  const Json id = ++asked_;
  const std::string type = request.value("type", "?");
  request["request_id"] = id;
  send(request);
  for (const Clock::time_point deadline = Clock::now() + limit;;) {
    const auto bytes = receive_bytes(std::chrono::ceil<milliseconds>(deadline - Clock::now()));
    if (!bytes) throw std::runtime_error("no reply to " + type);
    if (unpacked(*bytes)["request_id"] == id) return *bytes;
  }
}

Json Client::ask(Json request, milliseconds limit) { return unpacked(ask_bytes(std::move(request), limit)); }

std::string error_of(const Json& reply) {
  if (reply.at("ok") == true) return "";
  return reply.at("error").at("code");
}

}  // namespace circuit::integration
