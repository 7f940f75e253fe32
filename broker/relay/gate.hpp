// Whether a message that came in may go on to the broker: its upstream is known, may ask this, is not too fast, and has
// not too much under way. All connections of one upstream count together. One gate stands before requests, another one
// before replays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "broker/config/settings.hpp"
#include "broker/intake/rate_limiter.hpp"
#include "broker/relay/in_flight.hpp"
#include "broker/relay/peer.hpp"
#include "schema/error_code.hpp"

namespace circuit::relay {

class Gate {
 public:
  Gate(const InFlightLimits& limits, std::int64_t busy_retry_after_ms)
      : in_flight_(limits), busy_retry_after_ms_(busy_retry_after_ms), rates_(0, upstreams_max) {}

  // Before anything of the message is read: nothing, or why it is refused. Takes a token of the rate.
  [[nodiscard]] std::optional<schema::Refusal> enter(const Peer& peer, std::int64_t now_us);
  // When the message is to be sent on: nothing, and it counts as under way, or why it is refused.
  [[nodiscard]] std::optional<schema::Refusal> pass(const config::Upstream& upstream, std::string_view request,
                                                    std::size_t bytes, std::int64_t now_us);
  // Its answer came, or it could not be sent after all.
  void settle(std::string_view upstream) { in_flight_.settle(std::string(upstream)); }

  [[nodiscard]] schema::Refusal unavailable() const;

 private:
  static constexpr std::size_t upstreams_max = 10'000;

  InFlight in_flight_;
  const std::int64_t busy_retry_after_ms_;
  intake::RateLimiter rates_;
};

}  // namespace circuit::relay
