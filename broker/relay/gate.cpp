#include "broker/relay/gate.hpp"

namespace circuit::relay {

using schema::ErrorCode;
using schema::Refusal;

std::optional<Refusal> Gate::enter(const Peer& peer, std::int64_t now_us) {
  if (!peer.upstream) return Refusal{ErrorCode::unauthorized, "this key is not known here any more", {}, 0};
  if (!peer.has_our_id)
    return Refusal{
        ErrorCode::unavailable, "this connection was not set up well; connect again", {}, busy_retry_after_ms_};
  const intake::Rate rate{peer.upstream->requests_per_second, 1'000'000};
  if (const std::int64_t wait_us = rates_.take(peer.upstream->name, now_us, rate))
    return Refusal{ErrorCode::rate_limited, "too many requests from this upstream", {}, wait_us / 1'000 + 1};
  return std::nullopt;
}

std::optional<Refusal> Gate::pass(const config::Upstream& upstream, std::string_view request, std::size_t bytes,
                                  std::int64_t now_us) {
  if (!config::permits(upstream, request))
    return Refusal{ErrorCode::unauthorized, "this upstream may not ask this", "type", 0};
  if (!in_flight_.add(upstream.name, bytes, now_us))
    return Refusal{ErrorCode::busy, "too many requests are under way", {}, busy_retry_after_ms_};
  return std::nullopt;
}

Refusal Gate::unavailable() const {
  return {ErrorCode::unavailable, "the broker does not answer; nothing was changed", {}, busy_retry_after_ms_};
}

}  // namespace circuit::relay
