// ZeroMQ sockets with safe options. libzmq's defaults have no heartbeat, linger for ever and take messages of any size;
// no socket in Circuit is made in another way than here.
#pragma once

#include <array>
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

// Heartbeats, hand-shake time-out, no linger, bounded queues and messages; ROUTER sockets report what they cannot
// route.
[[nodiscard]] zmq::socket_t make_socket(zmq::context_t& context, zmq::socket_type type,
                                        const SocketLimits& limits = {});

// For a socket that is to be bound: the kernel's keepalive instead of ZMTP's heartbeats. libzmq 4.3.4 aborts when it
// wants to send a heartbeat to a peer that has hung up while its input was stopped at the high-water mark
// (stream_engine_base.cpp, timer_event → out_event): whoever may connect could end the process with that.
void make_server(zmq::socket_t& socket);

// Sends without ever blocking. False when the peer is gone or its queue is full: the message was dropped as a whole.
[[nodiscard]] bool send_now(zmq::socket_t& socket, std::string_view body);
[[nodiscard]] bool send_now(zmq::socket_t& socket, std::string_view first, std::string_view second);
[[nodiscard]] bool send_now(zmq::socket_t& socket, std::string_view first, std::string_view second,
                            std::string_view third);
[[nodiscard]] bool send_now(zmq::socket_t& socket, const std::vector<std::string_view>& frames);

// The frames of one message: at most four, and none of them allocated here.
class Frames {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  zmq::message_t& operator[](std::size_t i) { return frames_[i]; }
  const zmq::message_t& operator[](std::size_t i) const { return frames_[i]; }
  zmq::message_t& front() { return frames_[0]; }
  zmq::message_t& back() { return frames_[size_ - 1]; }
  const zmq::message_t& front() const { return frames_[0]; }
  const zmq::message_t& back() const { return frames_[size_ - 1]; }
  void push_back(zmq::message_t&& frame) { frames_[size_++] = std::move(frame); }
  void clear() { size_ = 0; }
  static constexpr std::size_t capacity = 4;

 private:
  std::array<zmq::message_t, capacity> frames_;
  std::size_t size_ = 0;
};

// All frames of the next message, or nothing when none has arrived. More than `frames_max` frames (at most four) are
// read and dropped, and no frame is returned.
[[nodiscard]] std::optional<Frames> receive_now(zmq::socket_t& socket, std::size_t frames_max);

inline std::string_view text_of(const zmq::message_t& frame) { return {frame.data<char>(), frame.size()}; }

}  // namespace circuit::client
