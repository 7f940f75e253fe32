// What becomes of one message from the network, by its frames and by who sent it: it goes on to the broker behind a
// header that says whose it is, or it does not. No socket here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "broker/client/socket.hpp"
#include "broker/relay/gate.hpp"
#include "broker/relay/peer.hpp"
#include "schema/document.hpp"
#include "schema/error_code.hpp"

namespace circuit::relay {

// A message's frames: views into them.
struct Incoming {
  std::string_view routing_id;
  std::optional<std::string_view> delimiter;
  std::string_view body;
};

// Precondition: there are two or three frames.
[[nodiscard]] Incoming incoming(const client::Frames& frames);

struct Passage {
  std::string header;      // schema/relayed.hpp; empty when it is refused
  std::string request_id;  // packed, for the refusal: a pipelining client has to know of which request
  std::optional<schema::Refusal> refusal;
};

// A request. What goes on counts as under way in the gate. `document` is for the parse.
[[nodiscard]] Passage request_passage(const Incoming& message, const Peer& peer, Gate& gate, schema::Document& document,
                                      std::int64_t now_us);

// A request for a replay: its header, or nothing. A replay has no form for a refusal: what may not be asked, or comes
// too fast, gets no answer.
[[nodiscard]] std::optional<std::string> replay_passage(const Incoming& message, const Peer& peer, Gate& gate,
                                                        schema::Document& document, std::int64_t now_us);

}  // namespace circuit::relay
