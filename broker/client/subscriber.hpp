// The one subscriber: contiguous events from a given seq on, whatever the sockets lose. It listens to the stream, sees
// gaps by seq, and asks the replay socket for what is missing; when nothing comes for a while it asks too, because a
// lost last publication shows no gap (DESIGN §3.2). It never yields an event twice and never skips one.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <zmq.hpp>

#include "broker/client/curve.hpp"
#include "schema/document.hpp"
#include "schema/event.hpp"

namespace circuit::client {

struct SubscriberOptions {
  std::string events_endpoint;
  std::string replay_endpoint;
  std::uint64_t from_seq = 1;                    // the first event wanted
  std::uint32_t replay_events_max = 5'000;       // in one answer
  std::chrono::milliseconds replay_wait{1'000};  // without an answer, asks again
  std::chrono::milliseconds idle{500};           // without an event, asks whether there is one
  int publications_hwm = 4'000;
  std::optional<CurveClient> curve;  // for endpoints of a relay
};

class Subscriber {
 public:
  Subscriber(zmq::context_t& context, SubscriberOptions options);

  // Waits up to `timeout` for events and gives what has come, up to about `events_max`, to `on_event`, in order; views
  // die when it returns. Returns how many there were. `extra_fd` (-1: none) ends the wait early when readable.
  std::size_t receive(std::chrono::milliseconds timeout, const std::function<void(const schema::Event&)>& on_event,
                      std::size_t events_max = 10'000, int extra_fd = -1);

  // The seq of the next event that receive() will give.
  [[nodiscard]] std::uint64_t next_seq() const { return next_seq_; }
  // Whether everything that the broker had committed when last asked has been given.
  [[nodiscard]] bool caught_up() const { return caught_up_; }

  // For tests: the next `count` publications are treated as lost on the way.
  void drop_publications(std::uint64_t count) { to_drop_ = count; }

 private:
  using OnEvent = std::function<void(const schema::Event&)>;

  std::size_t read_answers(const OnEvent& on_event);
  std::size_t read_publications(const OnEvent& on_event, std::size_t events_max);
  std::size_t take_answer(std::string_view body, const OnEvent& on_event);
  std::size_t take_publication(std::string_view body, const OnEvent& on_event);
  std::size_t give(std::string_view body, const OnEvent& on_event);
  void ask_when_due();
  [[nodiscard]] bool holds_publications() const { return gap_ && waiting_; }
  [[nodiscard]] bool wait(std::chrono::steady_clock::time_point deadline, int extra_fd);

  SubscriberOptions options_;
  zmq::socket_t events_;
  zmq::socket_t replay_;
  std::uint64_t next_seq_;
  std::uint64_t to_drop_ = 0;
  bool gap_ = true;       // at the start, what was before the subscription is missing
  bool waiting_ = false;  // for the answer to a replay request
  bool unsent_ = false;   // a request is due, and no broker is there to take it
  bool caught_up_ = false;
  std::chrono::steady_clock::time_point asked_{};
  std::chrono::steady_clock::time_point heard_;
  schema::Document document_;
};

}  // namespace circuit::client
