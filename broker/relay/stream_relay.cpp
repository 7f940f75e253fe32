#include "broker/relay/stream_relay.hpp"

#include <utility>
#include <vector>

#include "broker/relay/passage.hpp"
#include "schema/relayed.hpp"

namespace circuit::relay {

using client::text_of;

namespace {

constexpr std::size_t messages_per_turn_max = 1'000;
constexpr const char* topic = "events";

}  // namespace

PublicationRelay::PublicationRelay(std::function<zmq::socket_t()> bind, zmq::socket_t broker)
    : bind_(std::move(bind)), network_(bind_()), broker_(std::move(broker)) {}

void PublicationRelay::reopen() {
  network_.close();  // first: the new socket binds the same address
  if (std::exchange(subscriptions_, 0) > 0) broker_.set(zmq::sockopt::unsubscribe, topic);
  network_ = bind_();
}

void PublicationRelay::turn() {
  count_subscriptions();
  for (std::size_t i = 0; i < messages_per_turn_max; ++i) {
    const auto frames = client::receive_now(broker_, 2);
    if (!frames) break;
    // A subscriber whose queue is full loses this and asks for a replay.
    if (frames->size() == 2) (void)client::send_now(network_, text_of(frames->front()), text_of(frames->back()));
  }
}

// XPUB tells of the first subscription to a topic and the end of the last one. What peers subscribe to stays here: the
// broker only learns whether there is anybody.
void PublicationRelay::count_subscriptions() {
  const std::size_t before = subscriptions_;
  for (std::size_t i = 0; i < messages_per_turn_max; ++i) {
    const auto frames = client::receive_now(network_, 1);
    if (!frames) break;
    if (frames->empty() || frames->front().size() == 0) continue;
    const char what = text_of(frames->front()).front();
    if (what == 1) ++subscriptions_;
    if (what == 0 && subscriptions_ > 0) --subscriptions_;
  }
  if (before == 0 && subscriptions_ > 0) broker_.set(zmq::sockopt::subscribe, topic);
  if (before > 0 && subscriptions_ == 0) broker_.set(zmq::sockopt::unsubscribe, topic);
}

ReplayRelay::ReplayRelay(zmq::socket_t network, zmq::socket_t broker, const Upstreams& upstreams, Gate& gate)
    : network_(std::move(network)), broker_(std::move(broker)), upstreams_(upstreams), gate_(gate) {}

void ReplayRelay::turn(std::int64_t now_us) {
  for (std::size_t i = 0; i < messages_per_turn_max; ++i) {
    auto frames = client::receive_now(broker_, 3);
    if (!frames) break;
    if (frames->size() == 3) take_answer(*frames);
  }
  for (std::size_t i = 0; i < messages_per_turn_max; ++i) {
    auto frames = client::receive_now(network_, 3);
    if (!frames) break;
    if (frames->size() >= 2) take_request(*frames, now_us);
  }
}

void ReplayRelay::take_request(client::Frames& frames, std::int64_t now_us) {
  const Peer peer = peer_of(text_of(frames.front()), frames.back(), upstreams_);
  const auto header = replay_passage(incoming(frames), peer, gate_, document_, now_us);
  if (header && !client::send_now(broker_, *header, text_of(frames.back()))) gate_.settle(peer.upstream->name);
}

void ReplayRelay::take_answer(client::Frames& frames) {
  const auto relayed = schema::decode_relayed(document_, text_of(frames.front()));
  if (!relayed) return;
  gate_.settle(relayed->upstream);
  std::vector<std::string_view> answer = {relayed->routing_id};
  if (relayed->delimiter) answer.emplace_back();
  answer.insert(answer.end(), {text_of(frames[1]), text_of(frames[2])});
  (void)client::send_now(network_, answer);
}

}  // namespace circuit::relay
