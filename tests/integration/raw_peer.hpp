// A peer that speaks to a tcp endpoint byte by byte, for what no ZeroMQ library sends: ZMTP/1.0, and with CURVE (RFC
// 26) messages that never end.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/integration/client.hpp"

namespace circuit::integration {

class RawPeer {
 public:
  // Connects at once; throws when nobody listens.
  explicit RawPeer(const std::string& endpoint);
  ~RawPeer();
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  // False when the other side has closed the connection, or takes nothing within the limit.
  [[nodiscard]] bool send(std::string_view bytes, milliseconds limit = patience);
  // Exactly so many bytes; nothing when the connection ends or is silent before.
  [[nodiscard]] std::optional<std::string> receive(std::size_t bytes, milliseconds limit = patience);

 private:
  int socket_ = -1;
};

// A DEALER after its CURVE handshake. Throws when the handshake fails.
class RawCurvePeer {
 public:
  RawCurvePeer(const std::string& endpoint, const Curve& curve);
  // One frame of a message, with more to follow or not.
  [[nodiscard]] bool send_frame(std::string_view body, bool more);

 private:
  using Key = std::array<unsigned char, 32>;
  std::string command(std::size_t name_bytes);
  [[nodiscard]] std::string nonce(std::string_view prefix);

  RawPeer peer_;
  Key short_secret_{};
  Key server_short_key_{};
  std::uint64_t nonce_ = 0;
};

}  // namespace circuit::integration
