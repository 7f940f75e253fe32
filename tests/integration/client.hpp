// An upstream or an operator on one of the broker's request sockets.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <zmq.hpp>

#include "tests/integration/message.hpp"
#include "tests/integration/waiting.hpp"

namespace circuit::integration {

// One for the whole program: libzmq wants no more.
[[nodiscard]] zmq::context_t& sockets();

// The keys of a peer on the network, 40 characters of Z85 each.
struct CurveKeys {
  std::string public_key;
  std::string secret_key;
};
[[nodiscard]] CurveKeys new_curve_keys();
struct Curve {
  std::string server_key;
  CurveKeys own;
};

[[nodiscard]] zmq::socket_t connected(zmq::socket_type type, const std::string& endpoint,
                                      const std::optional<Curve>& curve = std::nullopt,
                                      const std::string& routing_id = "");

// On a loopback port that was free a moment ago.
[[nodiscard]] std::string free_endpoint();

class Client {
 public:
  explicit Client(const std::string& endpoint, zmq::socket_type type = zmq::socket_type::dealer)
      : socket_(connected(type, endpoint)) {}
  explicit Client(zmq::socket_t socket) : socket_(std::move(socket)) {}

  void send(const Json& request) { send_bytes(packed(request)); }
  void send_bytes(std::string_view bytes);
  // The next reply, or nothing within the limit.
  [[nodiscard]] std::optional<std::string> receive_bytes(milliseconds limit = patience);
  // Throws without a reply.
  [[nodiscard]] Json receive(milliseconds limit = patience);

  // Sends under a new request_id and gives the reply to it. Throws without one; nothing is sent again.
  Json ask(Json request, milliseconds limit = patience);
  // The bytes of that reply, which has a request_id of fixed size: equal replies have equal bytes.
  std::string ask_bytes(Json request, milliseconds limit = patience);

  [[nodiscard]] zmq::socket_t& socket() { return socket_; }

 private:
  zmq::socket_t socket_;
  int asked_ = 1'000'000;
};

// "" for a good reply, or the code of its error.
[[nodiscard]] std::string error_of(const Json& reply);

}  // namespace circuit::integration
