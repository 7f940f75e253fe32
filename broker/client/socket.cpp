#include "broker/client/socket.hpp"

#include "schema/check.hpp"

namespace circuit::client {

zmq::socket_t make_socket(zmq::context_t& context, zmq::socket_type type, const SocketLimits& limits) {
  zmq::socket_t socket(context, type);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndhwm, limits.send_hwm_messages);
  socket.set(zmq::sockopt::rcvhwm, limits.receive_hwm_messages);
  socket.set(zmq::sockopt::maxmsgsize, limits.message_bytes_max);
  socket.set(zmq::sockopt::handshake_ivl, 5'000);
  socket.set(zmq::sockopt::heartbeat_ivl, 2'000);
  socket.set(zmq::sockopt::heartbeat_timeout, 10'000);
  socket.set(zmq::sockopt::heartbeat_ttl, 10'000);
  socket.set(zmq::sockopt::reconnect_ivl, 50);
  socket.set(zmq::sockopt::reconnect_ivl_max, 1'000);
  if (type == zmq::socket_type::router) socket.set(zmq::sockopt::router_mandatory, true);
  return socket;
}

void make_server(zmq::socket_t& socket) {
  socket.set(zmq::sockopt::heartbeat_ivl, 0);
  socket.set(zmq::sockopt::tcp_keepalive, 1);
  socket.set(zmq::sockopt::tcp_keepalive_idle, 30);
  socket.set(zmq::sockopt::tcp_keepalive_intvl, 10);
  socket.set(zmq::sockopt::tcp_keepalive_cnt, 3);
}

namespace {

bool send_frame(zmq::socket_t& socket, std::string_view body, zmq::send_flags flags) {
  try {
    return socket.send(zmq::const_buffer(body.data(), body.size()), flags | zmq::send_flags::dontwait).has_value();
  } catch (const zmq::error_t& error) {
    if (error.num() == EHOSTUNREACH) return false;
    throw;
  }
}

// Only a message's first frame can be refused: a pipe that took it takes the rest.
template <class... Frames>
bool send_frames(zmq::socket_t& socket, std::string_view last, Frames... before) {
  return (send_frame(socket, before, zmq::send_flags::sndmore) && ...) &&
         send_frame(socket, last, zmq::send_flags::none);
}

}  // namespace

bool send_now(zmq::socket_t& socket, std::string_view body) { return send_frames(socket, body); }
bool send_now(zmq::socket_t& socket, std::string_view first, std::string_view second) {
  return send_frames(socket, second, first);
}
bool send_now(zmq::socket_t& socket, std::string_view first, std::string_view second, std::string_view third) {
  return send_frames(socket, third, first, second);
}

bool send_now(zmq::socket_t& socket, const std::vector<std::string_view>& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i)
    if (!send_frame(socket, frames[i], i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none))
      return false;
  return true;
}

std::optional<Frames> receive_now(zmq::socket_t& socket, std::size_t frames_max) {
  CIRCUIT_CHECK(frames_max <= Frames::capacity, "a message has few frames");
  std::optional<Frames> frames(std::in_place);
  bool too_many = false;
  for (bool more = true; more;) {
    zmq::message_t frame;
    if (!socket.recv(frame, zmq::recv_flags::dontwait)) return std::nullopt;
    more = frame.more();
    if (frames->size() == frames_max) too_many = true;
    if (!too_many) frames->push_back(std::move(frame));
  }
  if (too_many) frames->clear();
  return frames;
}

}  // namespace circuit::client
