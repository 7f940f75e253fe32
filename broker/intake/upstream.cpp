#include "broker/intake/upstream.hpp"

#include <charconv>

namespace circuit::intake {

Peer peer_of(zmq::message_t& payload) {
  // On ipc libzmq gives ":uid:gid:pid", with or without "localhost" in front; on tcp the address alone.
  const char* property = zmq_msg_gets(payload.handle(), "Peer-Address");
  const std::string_view text = property ? property : "";
  constexpr std::string_view local = "localhost:";
  if (!text.starts_with(local)) return {"tcp:" + std::string(text), std::string(text), std::nullopt};
  const std::string_view credentials = text.substr(local.size());
  unsigned uid = 0;
  const auto end = credentials.data() + credentials.size();
  if (std::from_chars(credentials.data(), end, uid).ec != std::errc{}) return {"local:unknown", {}, std::nullopt};
  return {"local:" + std::to_string(uid), {}, uid};
}

}  // namespace circuit::intake
