#include "broker/stream/replay_server.hpp"

#include <algorithm>

#include "broker/client/socket.hpp"
#include "schema/document.hpp"
#include "schema/packer.hpp"
#include "schema/replay_request.hpp"

namespace circuit::stream {

ReplayServer::ReplayServer(zmq::socket_t socket, journal::Journal& journal, ReplayLimits limits)
    : socket_(std::move(socket)), journal_(journal), limits_(limits), thread_([this](int stop_fd) { run(stop_fd); }) {}

void ReplayServer::run(int stop_fd) {
  for (;;) {
    zmq::pollitem_t items[] = {{socket_.handle(), 0, ZMQ_POLLIN, 0}, {nullptr, stop_fd, ZMQ_POLLIN, 0}};
    zmq::poll(items, 2, std::chrono::milliseconds(-1));
    if (items[1].revents) return;
    while (auto frames = client::receive_now(socket_, 3))
      if (frames->size() >= 2) answer(*frames);
  }
}

void ReplayServer::answer(const client::Frames& frames) {
  schema::Document document;
  const auto request = schema::decode_replay_request(document, client::text_of(frames.back()));
  if (!request) return;
  const std::uint64_t wanted = request->max.value_or(limits_.events_max);
  const auto events_max = static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted, limits_.events_max));
  const journal::EventRange range =
      journal_.read(std::max<std::uint64_t>(request->from_seq, 1), events_max, limits_.bytes_max);
  std::string body;
  body.reserve(range.events.size() + 5);
  schema::Packer(body).array(range.count).raw(range.events);
  const std::string_view routing_id = client::text_of(frames.front());
  // A subscriber that is gone, or does not read its answers, asks again.
  // A frame in the middle goes back as it came: a delimiter, or what the relay wrote on it.
  if (frames.size() == 3)
    (void)client::send_now(socket_,
                           std::vector<std::string_view>{routing_id, client::text_of(frames[1]), "events", body});
  else
    (void)client::send_now(socket_, routing_id, "events", body);
}

}  // namespace circuit::stream
