// A subscriber of the broker's events: it hears publications, and asks for a replay of what it missed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/integration/client.hpp"

namespace circuit::integration {

class Stream {
 public:
  Stream(const std::string& events_endpoint, const std::string& replay_endpoint,
         const std::optional<Curve>& curve = std::nullopt);

  // Takes events until the condition holds for all that came so far; they are contiguous from seq 1. Throws when the
  // time is over.
  const std::vector<Json>& until(const std::string& what, const std::function<bool(const std::vector<Json>&)>& enough,
                                 milliseconds limit = patience);
  [[nodiscard]] const std::vector<Json>& events() const { return events_; }

  // One replay answer, as it stands on the wire.
  [[nodiscard]] std::vector<Json> replay(std::uint64_t from_seq, std::uint64_t max);
  // Every event up to the head, by replays alone.
  [[nodiscard]] std::vector<Json> replay_all(std::uint64_t page = 10'000);
  // One publication, as it came; nothing within the limit.
  [[nodiscard]] std::optional<std::vector<Json>> publication(milliseconds limit);

 private:
  void take(const std::vector<Json>& events);
  [[nodiscard]] std::uint64_t next_seq() const { return events_.size() + 1; }

  std::string replay_endpoint_;
  std::optional<Curve> curve_;
  zmq::socket_t publications_;
  std::vector<Json> events_;
};

}  // namespace circuit::integration
