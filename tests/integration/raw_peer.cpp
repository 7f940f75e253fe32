#include "tests/integration/raw_peer.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sodium.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace circuit::integration {
namespace {

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string big_endian(std::uint64_t number) {
  std::string bytes(8, '\0');
  for (std::size_t i = 8; i-- > 0; number >>= 8) bytes[i] = static_cast<char>(number & 0xff);
  return bytes;
}

template <class Key>
std::string box(std::string_view text, std::string_view nonce, const Key& to, const Key& from) {
  std::string sealed(text.size() + crypto_box_MACBYTES, '\0');
  if (crypto_box_easy(bytes_of(sealed), bytes_of(text), text.size(), bytes_of(nonce), to.data(), from.data()) != 0)
    throw std::runtime_error("a box cannot be made");
  return sealed;
}

// ZMTP/3.0: a frame's head; flags 4 for a command.
std::string frame(std::string_view body, char flags) {
  if (body.size() < 256) return std::string{flags, static_cast<char>(body.size())} + std::string(body);
  return std::string(1, static_cast<char>(flags | 2)) + big_endian(body.size()) + std::string(body);
}

template <class Key>
std::string text_of(const Key& key) {
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}

}  // namespace

RawPeer::RawPeer(const std::string& endpoint) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))));
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error("nobody listens at " + endpoint);
  }
}

RawPeer::~RawPeer() { ::close(socket_); }

bool RawPeer::send(std::string_view bytes, milliseconds limit) {
  while (!bytes.empty()) {
    pollfd item{socket_, POLLOUT, 0};
    if (::poll(&item, 1, static_cast<int>(limit.count())) != 1) return false;
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::optional<std::string> RawPeer::receive(std::size_t bytes, milliseconds limit) {
  std::string all;
  while (all.size() < bytes) {
    pollfd item{socket_, POLLIN, 0};
    if (::poll(&item, 1, static_cast<int>(limit.count())) != 1) return std::nullopt;
    std::string part(bytes - all.size(), '\0');
    const ssize_t got = ::recv(socket_, part.data(), part.size(), 0);
    if (got <= 0) return std::nullopt;
    all.append(part, 0, static_cast<std::size_t>(got));
  }
  return all;
}

RawCurvePeer::RawCurvePeer(const std::string& endpoint, const Curve& curve) : peer_(endpoint) {
  Key server{}, own_public{}, own_secret{}, short_public{};
  zmq_z85_decode(server.data(), curve.server_key.c_str());
  zmq_z85_decode(own_public.data(), curve.own.public_key.c_str());
  zmq_z85_decode(own_secret.data(), curve.own.secret_key.c_str());
  crypto_box_keypair(short_public.data(), short_secret_.data());

  std::string greeting("\xff\0\0\0\0\0\0\0\1\x7f\3\0CURVE", 17);
  greeting.resize(64, '\0');
  (void)peer_.send(greeting);
  if (!peer_.receive(64)) throw std::runtime_error("no greeting");

  std::string hello("\5HELLO\1\0", 8);
  hello.resize(8 + 72, '\0');
  const std::string hello_nonce = nonce("CurveZMQHELLO---");
  hello +=
      text_of(short_public) + hello_nonce.substr(16) + box(std::string(64, '\0'), hello_nonce, server, short_secret_);
  (void)peer_.send(frame(hello, 4));

  const std::string welcome = command(8);  // its nonce, and the box
  std::string opened(128, '\0');
  if (welcome.size() != 16 + 144 ||
      crypto_box_open_easy(bytes_of(opened), bytes_of(std::string_view(welcome).substr(16)), 144,
                           bytes_of("WELCOME-" + welcome.substr(0, 16)), server.data(), short_secret_.data()) != 0)
    throw std::runtime_error("no welcome");
  std::copy_n(bytes_of(opened), 32, server_short_key_.data());

  std::string vouch_nonce(16, '\0');
  randombytes_buf(vouch_nonce.data(), vouch_nonce.size());
  const std::string vouch =
      box(text_of(short_public) + text_of(server), "VOUCH---" + vouch_nonce, server_short_key_, own_secret);
  const std::string metadata("\x0bSocket-Type\0\0\0\6DEALER", 22);
  const std::string initiate_nonce = nonce("CurveZMQINITIATE");
  (void)peer_.send(frame(
      "\x08INITIATE" + opened.substr(32) + initiate_nonce.substr(16) +
          box(text_of(own_public) + vouch_nonce + vouch + metadata, initiate_nonce, server_short_key_, short_secret_),
      4));
  (void)command(6);  // READY
}

// The body of the next command, behind its name.
std::string RawCurvePeer::command(std::size_t name_bytes) {
  const auto head = peer_.receive(2);
  if (!head || (*head)[0] != 4) throw std::runtime_error("the handshake was refused");
  const auto body = peer_.receive(static_cast<unsigned char>((*head)[1]));
  if (!body || body->size() < name_bytes) throw std::runtime_error("the handshake was refused");
  return body->substr(name_bytes);
}

std::string RawCurvePeer::nonce(std::string_view prefix) { return std::string(prefix) + big_endian(++nonce_); }

bool RawCurvePeer::send_frame(std::string_view body, bool more) {
  const std::string this_nonce = nonce("CurveZMQMESSAGEC");
  return peer_.send(frame(
      "\7MESSAGE" + this_nonce.substr(16) +
          box(std::string(1, more ? '\1' : '\0') + std::string(body), this_nonce, server_short_key_, short_secret_),
      0));
}

}  // namespace circuit::integration
