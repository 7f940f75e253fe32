#include "broker/relay/passage.hpp"

#include "schema/relayed.hpp"
#include "schema/replay_request.hpp"
#include "schema/reply.hpp"
#include "schema/request.hpp"

namespace circuit::relay {

using client::text_of;
using schema::ErrorCode;
using schema::Refusal;

namespace {

// Precondition: the gate has let the peer in, so it has an upstream.
std::string header_of(const Incoming& message, const Peer& peer) {
  return schema::encode_relayed({message.routing_id, peer.upstream->name, peer.address, message.delimiter.has_value()});
}

}  // namespace

Incoming incoming(const client::Frames& frames) {
  Incoming message{text_of(frames.front()), std::nullopt, text_of(frames.back())};
  if (frames.size() == 3) message.delimiter = text_of(frames[1]);
  return message;
}

Passage request_passage(const Incoming& message, const Peer& peer, Gate& gate, schema::Document& document,
                        std::int64_t now_us) {
  if (auto refusal = gate.enter(peer, now_us))
    return {{}, schema::packed_request_id(schema::decode_request(document, message.body).request_id), refusal};
  if (message.delimiter && !message.delimiter->empty())
    return {{}, schema::packed_request_id({}), Refusal{ErrorCode::malformed_message, "a request is one frame", {}, 0}};
  const schema::DecodedRequest decoded = schema::decode_request(document, message.body);
  std::string id = schema::packed_request_id(decoded.request_id);
  if (!decoded.request) return {{}, std::move(id), decoded.request.refusal()};
  if (auto refusal = gate.pass(*peer.upstream, schema::name_of(*decoded.request), message.body.size(), now_us))
    return {{}, std::move(id), refusal};
  return {header_of(message, peer), std::move(id), std::nullopt};
}

std::optional<std::string> replay_passage(const Incoming& message, const Peer& peer, Gate& gate,
                                          schema::Document& document, std::int64_t now_us) {
  if (gate.enter(peer, now_us)) return std::nullopt;
  if (!schema::decode_replay_request(document, message.body)) return std::nullopt;
  if (gate.pass(*peer.upstream, "subscribe", message.body.size(), now_us)) return std::nullopt;
  return header_of(message, peer);
}

}  // namespace circuit::relay
