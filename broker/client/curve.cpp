#include "broker/client/curve.hpp"

#include <array>
#include <stdexcept>

namespace circuit::client {
namespace {

constexpr std::size_t text_bytes = 40;
using KeyText = std::array<char, text_bytes + 1>;  // libzmq writes a NUL behind it

}  // namespace

CurveKeys make_curve_keys() {
  KeyText public_key;
  KeyText secret_key;
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0)
    throw std::runtime_error("this libzmq was built without CURVE");
  return {public_key.data(), secret_key.data()};
}

std::optional<CurveKeys> curve_keys_of(const std::string& secret_key) {
  KeyText public_key;
  if (secret_key.size() != text_bytes || secret_key.find('\0') != std::string::npos ||
      zmq_curve_public(public_key.data(), secret_key.c_str()) != 0)
    return std::nullopt;
  return CurveKeys{public_key.data(), secret_key};
}

void use_curve(zmq::socket_t& socket, const CurveClient& client) {
  socket.set(zmq::sockopt::curve_serverkey, client.server_key);
  socket.set(zmq::sockopt::curve_publickey, client.own.public_key);
  socket.set(zmq::sockopt::curve_secretkey, client.own.secret_key);
}

void serve_curve(zmq::socket_t& socket, const std::string& secret_key, const std::string& domain) {
  socket.set(zmq::sockopt::curve_server, true);
  socket.set(zmq::sockopt::curve_secretkey, secret_key);
  socket.set(zmq::sockopt::zap_domain, domain);
}

}  // namespace circuit::client
