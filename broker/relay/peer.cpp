#include "broker/relay/peer.hpp"

#include "schema/request.hpp"

namespace circuit::relay {

Peer peer_of(std::string_view routing_id, zmq::message_t& payload, const Upstreams& upstreams) {
  Peer peer;
  if (const char* key = zmq_msg_gets(payload.handle(), "User-Id")) peer.upstream = upstreams.find(key);
  if (const char* address = zmq_msg_gets(payload.handle(), "Peer-Address"))
    peer.address = schema::canonical_ip(address).value_or("");
  // What ZAP said comes first among a connection's properties, whatever the ROUTER took.
  if (const char* given = zmq_msg_gets(payload.handle(), "Identity")) peer.has_our_id = routing_id == given;
  return peer;
}

}  // namespace circuit::relay
