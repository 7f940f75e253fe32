#include "broker/relay/request_relay.hpp"

#include "broker/relay/passage.hpp"
#include "schema/relayed.hpp"
#include "schema/reply.hpp"

namespace circuit::relay {

using client::text_of;

namespace {

constexpr std::size_t messages_per_turn_max = 1'000;

}  // namespace

RequestRelay::RequestRelay(zmq::socket_t network, zmq::socket_t broker, const Upstreams& upstreams, Gate& gate)
    : network_(std::move(network)), broker_(std::move(broker)), upstreams_(upstreams), gate_(gate) {}

void RequestRelay::turn(std::int64_t now_us) {
  // Replies first: they make room.
  for (std::size_t i = 0; i < messages_per_turn_max; ++i) {
    auto frames = client::receive_now(broker_, 2);
    if (!frames) break;
    if (frames->size() == 2) take_reply(*frames);
  }
  for (std::size_t i = 0; i < messages_per_turn_max; ++i) {
    auto frames = client::receive_now(network_, 3);
    if (!frames) break;
    if (frames->size() >= 2) take_request(*frames, now_us);  // otherwise it does not speak this protocol
  }
}

void RequestRelay::take_request(client::Frames& frames, std::int64_t now_us) {
  const Peer peer = peer_of(text_of(frames.front()), frames.back(), upstreams_);
  const Passage passage = request_passage(incoming(frames), peer, gate_, document_, now_us);
  if (passage.refusal) return refuse(frames, passage.request_id, *passage.refusal);
  if (!client::send_now(broker_, passage.header, text_of(frames.back()))) {
    gate_.settle(peer.upstream->name);
    refuse(frames, passage.request_id, gate_.unavailable());
  }
}

void RequestRelay::take_reply(client::Frames& frames) {
  const auto relayed = schema::decode_relayed(document_, text_of(frames.front()));
  if (!relayed) return;  // the broker sends our own headers back; another one is none of ours
  gate_.settle(relayed->upstream);
  const std::string_view body = text_of(frames.back());
  // A peer that is gone, or that lets its replies pile up, asks again with its idempotency key.
  (void)(relayed->delimiter ? client::send_now(network_, relayed->routing_id, {}, body)
                            : client::send_now(network_, relayed->routing_id, body));
}

void RequestRelay::refuse(const client::Frames& request, std::string_view packed_request_id,
                          const schema::Refusal& refusal) {
  const std::string body = schema::refusal_reply(packed_request_id, refusal);
  const std::string_view routing_id = text_of(request.front());
  (void)(request.size() == 3 ? client::send_now(network_, routing_id, {}, body)
                             : client::send_now(network_, routing_id, body));
}

}  // namespace circuit::relay
