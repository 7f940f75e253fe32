// Requests in, replies out. Reads what has arrived on the orders, push, control and relay sockets, adds what it asks
// for to the batch, and answers after the commit, in the order of arrival. Only orders with an input may overtake:
// those wait for their input's disk.
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "broker/client/socket.hpp"
#include "broker/intake/answers.hpp"
#include "broker/intake/creation.hpp"
#include "broker/intake/input_store.hpp"
#include "broker/intake/route.hpp"
#include "broker/orders/order_book.hpp"
#include "schema/request.hpp"

namespace circuit::intake {

struct IntakeSockets {
  zmq::socket_t& orders;   // ROUTER
  zmq::socket_t& push;     // PULL
  zmq::socket_t& control;  // ROUTER
  zmq::socket_t* relay;    // ROUTER; nullptr without a relay
};

class Intake {
 public:
  Intake(IntakeSockets sockets, orders::OrderBook& book, journal::Journal& journal, Answers& answers,
         const config::Settings& settings, const std::filesystem::path& data, std::optional<unsigned> relay_uid);
  // Ends a backup that is under way, and waits for it.
  ~Intake() { journal_.end_copies(); }
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  // Takes up what was computed from the catalogue.
  void settings_changed();

  // Adds up to about `items_max` requests to the batch.
  void receive(std::int64_t now, std::size_t items_max);
  // After the commit: sends the replies of the batch; `gauges` for those who ask.
  void reply(std::int64_t now, const std::function<Gauges()>& gauges);
  // Instead of the commit: nothing that was asked for happened.
  void batch_failed();

  Admission& admission() { return admission_; }
  // Whether the push socket may be read: when not, ZeroMQ pushes back.
  [[nodiscard]] bool reads_pushes() const;
  [[nodiscard]] int input_event_fd() const { return inputs_.event_fd(); }

 private:
  // What is to be sent after the commit: a reply that is ready, or one that is made then.
  struct Pending {
    Route route;
    std::string request_id;  // packed
    std::string body;
    bool needs_batch = false;
    std::function<std::string()> make;
  };

  void receive_from(zmq::socket_t& socket, std::int64_t now, std::size_t items_max);
  void receive_relayed(std::int64_t now, std::size_t items_max);
  void take_relayed(client::Frames& frames, std::int64_t now);
  void receive_pushes(std::int64_t now, std::size_t items_max);
  void receive_inputs(std::int64_t now);
  void handle(Route&& route, zmq::message_t& payload, std::int64_t now);
  void answer(Route&& route, std::string&& request_id, const schema::Request& request, zmq::message_t& payload,
              std::int64_t now);
  void create(Route&& route, std::string&& request_id, const schema::CreateOrder& request, zmq::message_t& payload,
              std::int64_t now);
  void create_with_input(InputJob& job, std::int64_t now);
  void change(Route&& route, std::string&& request_id, const schema::Uuid& order, schema::EventType event,
              std::string_view reason, std::string_view operator_name, std::int64_t now);
  void changed(Route&& route, std::string&& request_id, const orders::Order& order);
  void retry(Route&& route, std::string&& request_id, const schema::RetryOrder& request, std::int64_t now);
  void recount(Route&& route, std::string&& request_id);
  void backup(Route&& route, std::string&& request_id, std::filesystem::path directory);
  void created(Route&& route, std::string&& request_id, const schema::Uuid& order, schema::Status status,
               bool replayed);
  [[nodiscard]] std::optional<schema::Refusal> forbidden(const Route& route, const schema::Request& request) const;
  void refuse(Route&& route, std::string&& request_id, const schema::Refusal& refusal);
  void send(const Pending& pending);

  IntakeSockets sockets_;
  orders::OrderBook& book_;
  journal::Journal& journal_;
  Answers& answers_;
  const config::Settings& settings_;
  std::optional<unsigned> relay_uid_;  // of relay.user; may speak for upstreams beside our own user and root
  std::size_t message_bytes_max_;
  Creation creation_;
  Admission admission_;
  InputStore inputs_;
  std::vector<Pending> pending_;
  std::deque<std::string> texts_;  // of the batch: events hold views into them
  std::deque<schema::Document> documents_;
  std::size_t documents_used_ = 0;
  schema::Document relayed_document_;  // of the relay's frame, read and done with at once
  std::map<std::string, std::uint64_t> push_refused_;
  std::int64_t now_ = 0;
  std::function<Gauges()> gauges_;
  // What takes long, on a thread of its own; one of each at a time.
  struct Errand {
    Route route;
    std::future<std::string> reply;
  };
  void send_when_done(std::optional<Errand>& errand);
  std::optional<Errand> recount_;
  std::optional<Errand> backup_;
};

}  // namespace circuit::intake
