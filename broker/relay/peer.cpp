#include "broker/relay/peer.hpp"

#include "schema/request.hpp"

namespace circuit::relay {

Peer peer_of(zmq::message_t& payload, const Upstreams& upstreams) {
  Peer peer;
  if (const char* key = zmq_msg_gets(payload.handle(), "User-Id")) peer.upstream = upstreams.find(key);
  if (const char* address = zmq_msg_gets(payload.handle(), "Peer-Address"))
    peer.address = schema::canonical_ip(address).value_or("");
  return peer;
}

}  // namespace circuit::relay
