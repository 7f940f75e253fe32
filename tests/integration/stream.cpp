#include "tests/integration/stream.hpp"

#include <algorithm>
#include <stdexcept>

namespace circuit::integration {
namespace {

constexpr milliseconds silence{100};      // then a replay shows whether something was missed
constexpr milliseconds replay_wait{500};  // then the request counts as lost

// Both publications and replay answers have these two frames.
std::optional<std::vector<Json>> receive_events(zmq::socket_t& socket, milliseconds limit) {
  zmq::pollitem_t item{socket.handle(), 0, ZMQ_POLLIN, 0};
  zmq::poll(&item, 1, limit);
  zmq::message_t topic;
  if (item.revents == 0 || !socket.recv(topic, zmq::recv_flags::dontwait)) return std::nullopt;
  zmq::message_t body;
  if (!topic.more() || !socket.recv(body, zmq::recv_flags::dontwait) || body.more() || topic.to_string() != "events")
    throw std::runtime_error("a publication is not two frames, `events` first");
  return unpacked(body.to_string()).get<std::vector<Json>>();
}

}  // namespace

Stream::Stream(const std::string& events_endpoint, const std::string& replay_endpoint,
               const std::optional<Curve>& curve)
    : replay_endpoint_(replay_endpoint),
      curve_(curve),
      publications_(connected(zmq::socket_type::sub, events_endpoint, curve)) {}

std::optional<std::vector<Json>> Stream::publication(milliseconds limit) {
  return receive_events(publications_, limit);
}

std::vector<Json> Stream::replay(std::uint64_t from_seq, std::uint64_t max) {
  const std::string request = packed({{"type", "replay"}, {"from_seq", from_seq}, {"max", max}});
  for (const Clock::time_point deadline = Clock::now() + patience; Clock::now() < deadline;) {
    zmq::socket_t socket = connected(zmq::socket_type::dealer, replay_endpoint_, curve_);
    socket.send(zmq::buffer(request), zmq::send_flags::dontwait);
    if (auto answer = receive_events(socket, replay_wait)) return *answer;
  }
  throw std::runtime_error("no replay");
}

std::vector<Json> Stream::replay_all(std::uint64_t page) {
  std::vector<Json> all;
  for (;;) {
    const std::vector<Json> answer = replay(all.size() + 1, page);
    if (answer.empty()) return all;
    if (answer.size() > page) throw std::runtime_error("a replay is longer than was asked for");
    for (const Json& event : answer) {
      if (event.at("seq") != all.size() + 1) throw std::runtime_error("a replay has a gap");
      all.push_back(event);
    }
  }
}

void Stream::take(const std::vector<Json>& events) {
  for (const Json& event : events)
    if (event.at("seq") == next_seq()) events_.push_back(event);
}

const std::vector<Json>& Stream::until(const std::string& what,
                                       const std::function<bool(const std::vector<Json>&)>& enough,
                                       milliseconds limit) {
  for (const Clock::time_point deadline = Clock::now() + limit; !enough(events_);) {
    if (Clock::now() >= deadline)
      throw std::runtime_error("after " + std::to_string(events_.size()) + " events not yet: " + what);
    const auto published = publication(silence);
    if (published && !published->empty() && published->front().at("seq") <= next_seq())
      take(*published);
    else
      take(replay(next_seq(), 10'000));
  }
  return events_;
}

}  // namespace circuit::integration
