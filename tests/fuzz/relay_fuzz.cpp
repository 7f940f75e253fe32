// Any bytes as a message from the network to the relay: one byte that says who sent it, his routing id and a delimiter,
// each behind a byte that says how long it is, and the body. It goes on to the broker exactly when it is a request that
// its upstream may send, behind a header that says whose it is; a refusal names the request. The same bytes are read as
// a header that comes back from the broker.
#include <algorithm>
#include <memory>
#include <string>

#include "broker/relay/passage.hpp"
#include "schema/codec.hpp"
#include "schema/relayed.hpp"
#include "schema/replay_request.hpp"
#include "schema/reply.hpp"
#include "schema/request.hpp"
#include "tests/fuzz/require.hpp"

using namespace circuit;
using fuzz::require;
using schema::ErrorCode;

namespace {

constexpr std::int64_t now_us = 1'000'000'000;
constexpr std::int64_t later_us = now_us + 1'000'000;

struct Sender {
  relay::Peer peer;
  bool slow = false;  // one message a second
};

// 0 to 3: without an entry, with the default requests, with all about the stream, and with all but one a second.
Sender sender_of(std::uint8_t byte) {
  const int who = byte & 3;
  Sender sender;
  sender.peer.has_our_id = (byte & 4) == 0;
  sender.peer.address = (byte & 8) == 0 ? "203.0.113.7" : "";
  sender.slow = who == 3;
  if (who == 0) return sender;
  config::Upstream upstream;
  upstream.name = who == 1 ? "shop" : who == 2 ? "books" : "slow";
  upstream.requests_per_second = sender.slow ? 1 : 0;
  if (who == 2) upstream.requests = {"subscribe", "get_stats"};
  if (who == 3) upstream.requests.emplace_back("subscribe");
  sender.peer.upstream = std::make_shared<const config::Upstream>(upstream);
  return sender;
}

std::string_view take(std::string_view& text) {
  const std::size_t size = text.empty() ? 0 : static_cast<std::uint8_t>(text[0]);
  text.remove_prefix(std::min<std::size_t>(text.size(), 1));
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(taken.size());
  return taken;
}

bool lists(const Sender& sender, std::string_view request) {
  const auto& listed = sender.peer.upstream->requests;
  return std::find(listed.begin(), listed.end(), request) != listed.end();
}

void check_header(std::string_view header, const relay::Incoming& message, const Sender& sender) {
  schema::Document document;
  const auto read = schema::decode_relayed(document, header);
  require(read.has_value(), "a header is read");
  require(read->routing_id == message.routing_id, "a header has the routing id");
  require(read->upstream == sender.peer.upstream->name, "a header has the name of the upstream with the key");
  require(read->address == sender.peer.address, "a header has the address");
  require(read->delimiter == message.delimiter.has_value(), "a header says whether there was a delimiter");
}

void check_refusal(const relay::Passage& passage) {
  require(passage.header.empty(), "what is refused does not go on");
  const std::string reply = schema::refusal_reply(passage.request_id, *passage.refusal);
  schema::Document document;
  require(!document.parse(reply, schema::internal_limits), "a refusal is a message");
  require(document.root().find("ok").boolean() == false, "a refusal says so");
  require(document.root().find("error").find("code").string() == name_of(passage.refusal->code),
          "a refusal has its code");
  require(!passage.refusal->message.empty(), "a refusal has words");
}

// One more message behind a first one that did or did not go on.
void check_room(relay::Gate& gate, bool under_way, const relay::Incoming& message, const Sender& sender) {
  schema::Document document;
  if (sender.slow)
    require(
        relay::request_passage(message, sender.peer, gate, document, now_us).refusal->code == ErrorCode::rate_limited,
        "who is too fast is refused whatever he sends");
  if (under_way)
    require(relay::request_passage(message, sender.peer, gate, document, later_us).refusal->code == ErrorCode::busy,
            "what went on is under way");
  gate.settle(sender.peer.upstream->name);
  const auto again = relay::request_passage(message, sender.peer, gate, document, later_us + 1'000'000);
  require(!again.refusal == under_way, "an answer makes room, and the same is decided in the same way");
}

void check_request(const relay::Incoming& message, const Sender& sender) {
  relay::Gate gate({.messages_max = 1}, 700);
  schema::Document document;
  const relay::Passage passage = relay::request_passage(message, sender.peer, gate, document, now_us);
  const bool whole = !message.delimiter || message.delimiter->empty();
  const bool known = sender.peer.upstream && sender.peer.has_our_id;
  schema::Document own;
  const schema::DecodedRequest decoded = schema::decode_request(own, message.body);
  const bool goes_on = known && whole && decoded.request && lists(sender, schema::name_of(*decoded.request));
  require(!passage.refusal == goes_on, "a message goes on when it is a request that its upstream may send");
  if (goes_on)
    check_header(passage.header, message, sender);
  else
    check_refusal(passage);
  if (!known || whole)
    require(passage.request_id == schema::packed_request_id(decoded.request_id), "a refusal names the request");
  if (known) check_room(gate, goes_on, message, sender);
}

void check_replay(const relay::Incoming& message, const Sender& sender) {
  relay::Gate gate({.messages_max = 1}, 700);
  schema::Document document;
  const auto header = relay::replay_passage(message, sender.peer, gate, document, now_us);
  const bool goes_on = sender.peer.upstream && sender.peer.has_our_id && lists(sender, "subscribe") &&
                       schema::decode_replay_request(document, message.body);
  require(header.has_value() == goes_on, "a replay goes on when its upstream may subscribe");
  if (!goes_on) return;
  check_header(*header, message, sender);
  require(!relay::replay_passage(message, sender.peer, gate, document, later_us), "a replay is under way");
}

void check_mirrored(std::string_view bytes) {
  schema::Document document;
  const auto read = schema::decode_relayed(document, bytes);
  if (!read) return;
  require(document.root().is_array() && document.root().size() == 4, "a header is an array of four");
  const std::string once = schema::encode_relayed(*read);
  schema::Document again;
  const auto same = schema::decode_relayed(again, once);
  require(same.has_value(), "a header that is read and written is read");
  require(same->routing_id == read->routing_id && same->upstream == read->upstream && same->address == read->address &&
              same->delimiter == read->delimiter,
          "a header that is read and written says the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::view_of(data, size);
  check_mirrored(text);
  if (text.empty()) return 0;
  const auto first = static_cast<std::uint8_t>(text[0]);
  text.remove_prefix(1);
  const Sender sender = sender_of(first);
  relay::Incoming message;
  message.routing_id = take(text);
  if (first & 16) message.delimiter = take(text);
  message.body = text;
  check_request(message, sender);
  check_replay(message, sender);
  return 0;
}
