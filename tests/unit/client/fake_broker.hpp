// The broker's side of the stream, as DESIGN §3.2 has it, that can also lose what a broker can lose.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "broker/client/socket.hpp"
#include "broker/client/subscriber.hpp"
#include "schema/document.hpp"
#include "schema/event.hpp"
#include "schema/packer.hpp"

namespace circuit::test {

// What the broker keeps when it restarts: encoded events, seq 1 first.
using FakeJournal = std::vector<std::string>;

inline void commit(FakeJournal& journal, const schema::Event& event) { encode_event(journal.emplace_back(), event); }

class FakeBroker {
 public:
  FakeBroker(const std::filesystem::path& directory, FakeJournal& journal)
      : journal_(journal), events_(context_, zmq::socket_type::xpub), replay_(context_, zmq::socket_type::router) {
    for (zmq::socket_t* socket : {&events_, &replay_}) socket->set(zmq::sockopt::linger, 0);
    events_.set(zmq::sockopt::sndhwm, 0);
    events_.bind(events_endpoint(directory));
    replay_.bind(replay_endpoint(directory));
  }

  static std::string events_endpoint(const std::filesystem::path& directory) {
    return "ipc://" + (directory / "events.sock").string();
  }
  static std::string replay_endpoint(const std::filesystem::path& directory) {
    return "ipc://" + (directory / "replay.sock").string();
  }
  static client::SubscriberOptions options(const std::filesystem::path& directory) {
    return {.events_endpoint = events_endpoint(directory), .replay_endpoint = replay_endpoint(directory)};
  }

  // Waits until a subscription has arrived, so that nothing that is published now is lost.
  bool await_subscriber() {
    zmq::pollitem_t item{events_.handle(), 0, ZMQ_POLLIN, 0};
    return zmq::poll(&item, 1, std::chrono::seconds(10)) == 1 && client::receive_now(events_, 1).has_value();
  }

  // Publishes the journal's events `first_seq` to `last_seq` as one publication.
  void publish(std::uint64_t first_seq, std::uint64_t last_seq) {
    publish_bytes(body(first_seq, last_seq - first_seq + 1));
  }
  void publish_bytes(std::string_view bytes) { (void)client::send_now(events_, "events", bytes); }

  // Answers the requests that have come, after waiting for one up to `wait`.
  void serve(std::chrono::milliseconds wait = std::chrono::milliseconds(0)) {
    zmq::pollitem_t item{replay_.handle(), 0, ZMQ_POLLIN, 0};
    zmq::poll(&item, 1, wait);
    while (const auto frames = client::receive_now(replay_, 2)) answer(*frames);
  }

  std::uint64_t requests = 0;
  std::uint64_t requests_to_lose = 0;
  std::uint64_t answer_events_max = 100'000;

 private:
  void answer(const client::Frames& frames) {
    ++requests;
    if (requests_to_lose != 0 && requests_to_lose-- != 0) return;
    schema::Document document;
    if (frames.size() != 2 || document.parse(client::text_of(frames[1]))) throw std::runtime_error("no request");
    const schema::Document::Value request = document.root();
    if (request.find("type").string() != "replay") throw std::runtime_error("no replay request");
    const std::uint64_t max = std::min(request.find("max").natural().value(), answer_events_max);
    const std::string bytes = body(request.find("from_seq").natural().value(), max);
    replay_.send(zmq::const_buffer(frames[0].data(), frames[0].size()), zmq::send_flags::sndmore);
    (void)client::send_now(replay_, "events", bytes);
  }
  std::string body(std::uint64_t first_seq, std::uint64_t max) const {
    const std::uint64_t there = first_seq > journal_.size() ? 0 : journal_.size() - first_seq + 1;
    const std::uint64_t count = std::min(there, max);
    std::string bytes;
    schema::Packer packer(bytes);
    packer.array(static_cast<std::uint32_t>(count));
    for (std::uint64_t i = 0; i < count; ++i) packer.raw(journal_[first_seq - 1 + i]);
    return bytes;
  }

  FakeJournal& journal_;
  zmq::context_t context_;
  zmq::socket_t events_;
  zmq::socket_t replay_;
};

}  // namespace circuit::test
