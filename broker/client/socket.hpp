// ZeroMQ sockets with safe options. libzmq's defaults have no heartbeat, linger for ever and take messages of any size;
// no socket in Circuit is made in another way than here.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

namespace circuit::client {

struct SocketLimits {
  int send_hwm_messages = 20'000;
  int receive_hwm_messages = 20'000;
  std::int64_t message_bytes_max = 16 << 20;
};

// Heartbeats, hand-shake time-out, no linger, bounded queues and messages; ROUTER sockets report what they cannot route.
[[nodiscard]] zmq::socket_t make_socket(zmq::context_t& context, zmq::socket_type type, const SocketLimits& limits = {});

// Sends without ever blocking. False when the peer is gone or its queue is full: the message was dropped as a whole.
[[nodiscard]] bool send_now(zmq::socket_t& socket, std::string_view body);
[[nodiscard]] bool send_now(zmq::socket_t& socket, std::string_view first, std::string_view second);
[[nodiscard]] bool send_now(zmq::socket_t& socket, std::string_view first, std::string_view second, std::string_view third);
[[nodiscard]] bool send_now(zmq::socket_t& socket, const std::vector<std::string_view>& frames);

// All frames of the next message, or nothing when none has arrived. More than `frames_max` frames are read and dropped, and an
// empty list is returned.
[[nodiscard]] std::optional<std::vector<zmq::message_t>> receive_now(zmq::socket_t& socket, std::size_t frames_max);

inline std::string_view text_of(const zmq::message_t& frame) { return {frame.data<char>(), frame.size()}; }

}  // namespace circuit::client
