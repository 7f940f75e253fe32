// CURVE on a socket (ZeroMQ RFC 26): who holds the secret of a known key gets in, and nobody else reads along. Keys are
// text, 40 characters of Z85 (RFC 32).
#pragma once

#include <optional>
#include <string>
#include <zmq.hpp>

namespace circuit::client {

struct CurveKeys {
  std::string public_key;
  std::string secret_key;
};

// A new pair, at random.
[[nodiscard]] CurveKeys make_curve_keys();

// The pair of this secret key; nothing when the text is no key.
[[nodiscard]] std::optional<CurveKeys> curve_keys_of(const std::string& secret_key);

// A client's: its own pair, and the key by which it knows the server.
struct CurveClient {
  std::string server_key;
  CurveKeys own;
};

// Before connect().
void use_curve(zmq::socket_t& socket, const CurveClient& client);

// Before bind(). `domain` tells the context's ZAP handler which socket a peer wants. The handler must be bound already:
// libzmq lets everybody in when there is none.
void serve_curve(zmq::socket_t& socket, const std::string& secret_key, const std::string& domain);

}  // namespace circuit::client
