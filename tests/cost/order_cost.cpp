// What an order costs in instructions, stage by stage: a fixed number of orders from the bytes of their requests to
// the bytes of their events and audit lines, on a real journal. Times mean nothing on a shared machine; instructions
// are the same every time. tests/cost/run starts this under callgrind and compares with the budget.
//
//   order_cost STAGE DIRECTORY
//
// STAGE, the only part that is counted:
//   broker   what the broker's loop does with requests, outcomes, commits, jobs and replies, without its sockets'
//   thread auditor  what the auditor does with the stream decode   reading and checking requests
#include <valgrind/callgrind.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "broker/client/socket.hpp"
#include "broker/config/settings.hpp"
#include "broker/daemon/clock.hpp"
#include "broker/dispatch/dispatch.hpp"
#include "broker/intake/answers.hpp"
#include "broker/intake/intake.hpp"
#include "broker/journal/lmdb_journal.hpp"
#include "broker/orders/order_book.hpp"
#include "schema/audit_line.hpp"
#include "schema/codec.hpp"
#include "schema/packer.hpp"
#include "schema/request.hpp"
#include "schema/work.hpp"

namespace {

using namespace circuit;

constexpr std::size_t batches = 20;
constexpr std::size_t orders_in_batch = 500;
constexpr std::size_t items_max = 4'000;

// Counts its lifetime, if its stage is the one that is asked for.
class Counted {
 public:
  explicit Counted(bool wanted) : wanted_(wanted) {
    if (wanted_) CALLGRIND_TOGGLE_COLLECT;
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() {
    if (wanted_) CALLGRIND_TOGGLE_COLLECT;
  }

 private:
  bool wanted_;
};

std::string request(std::size_t number) {
  std::string body;
  schema::Packer packer(body);
  packer.map(7).text("type").text("create_order").text("request_id").natural(number);
  packer.text("product_id").text("LICENSE_KEY_V1").text("customer_id").text("customer_" + std::to_string(number));
  packer.text("idempotency_key").text("cost-" + std::to_string(number)).text("amount").integer(2'000);
  packer.text("currency").text("USD");
  return body;
}

zmq::socket_t connected(zmq::context_t& zmq, const char* endpoint) {
  zmq::socket_t socket = client::make_socket(zmq, zmq::socket_type::dealer);
  socket.connect(endpoint);
  return socket;
}
zmq::socket_t bound(zmq::context_t& zmq, zmq::socket_type type, const char* endpoint) {
  zmq::socket_t socket = client::make_socket(zmq, type);
  socket.bind(endpoint);
  return socket;
}

// A worker's side of the work socket: every job succeeds.
class Worker {
 public:
  Worker(zmq::context_t& zmq, schema::Role role) : socket_(connected(zmq, "inproc://work")), role_(role) {
    const std::vector<schema::Hello> hello = {{.role = role, .name = "cost", .credit = 4'000}};
    send(schema::WorkMessage::hello, hello);
  }
  void work() {
    std::vector<schema::Outcome> outcomes;
    std::vector<std::string> references;
    std::vector<zmq::message_t> bodies;
    references.reserve(orders_in_batch * 2);
    while (auto frames = client::receive_now(socket_, 2)) {
      if (*frames->front().data<char>() != static_cast<char>(schema::WorkMessage::jobs)) continue;
      std::vector<schema::Job> jobs;
      if (!schema::decode(document_, client::text_of(frames->back()), jobs)) std::exit(70);
      for (const schema::Job& job : jobs) {
        schema::Outcome& outcome = outcomes.emplace_back();
        outcome.lease = job.lease;
        outcome.order = job.order;
        outcome.decision = schema::Decision::make;
        if (role_ == schema::Role::payment) {
          outcome.event = schema::EventType::payment_confirmed;
          outcome.amount = job.amount;
          outcome.currency = job.currency;
          outcome.provider = "sandbox";
          outcome.reference = references.emplace_back("ch_" + std::to_string(job.lease.number) + "00000000000000000");
        } else {
          outcome.event = schema::EventType::order_fulfilled;
          outcome.deliverable = schema::deliverable_license;
        }
      }
      bodies.push_back(std::move(frames->back()));
    }
    if (!outcomes.empty()) send(schema::WorkMessage::outcomes, outcomes);
  }

 private:
  template <class Items>
  void send(schema::WorkMessage message, const Items& items) {
    std::string body;
    schema::encode(body, items);
    const char kind = static_cast<char>(message);
    if (!client::send_now(socket_, std::string_view(&kind, 1), body)) std::exit(70);
  }
  zmq::socket_t socket_;
  schema::Role role_;
  schema::Document document_;
};

class Cost {
 public:
  Cost(std::string_view stage, const std::filesystem::path& directory)
      : stage_(stage),
        zmq_(0),
        orders_(bound(zmq_, zmq::socket_type::router, "inproc://orders")),
        push_(bound(zmq_, zmq::socket_type::pull, "inproc://push")),
        control_(bound(zmq_, zmq::socket_type::router, "inproc://control")),
        work_(bound(zmq_, zmq::socket_type::router, "inproc://work")),
        client_(connected(zmq_, "inproc://orders")),
        journal_({.directory = directory / "journal", .map_bytes = 1u << 30}),
        book_(journal_, settings_),
        dispatch_(work_, book_, journal_, settings_, 1),
        answers_(journal_, settings_, {}, {}, daemon::wall_us()),
        intake_({orders_, push_, control_, nullptr}, book_, journal_, answers_, settings_, directory, std::nullopt),
        payment_(zmq_, schema::Role::payment),
        fulfillment_(zmq_, schema::Role::fulfillment) {}

  void run() {
    turn();  // the workers' hello, and what is done once
    for (std::size_t batch = 0; batch < batches; ++batch) {
      for (std::size_t i = 0; i < orders_in_batch; ++i) send_request();
      turn();
    }
    // The last orders' payment and fulfilment.
    for (int i = 0; i < 2; ++i) turn();
    const std::size_t fulfilled = journal_.totals().count(schema::EventType::order_fulfilled);
    if (fulfilled != batches * orders_in_batch || replies_ != fulfilled) std::exit(70);
    audit();
  }

 private:
  void send_request() {
    const std::string body = request(requests_++);
    {
      const Counted counted(stage_ == "decode");
      if (!schema::decode_request(document_, body).request) std::exit(70);
    }
    if (!client::send_now(client_, body)) std::exit(70);
  }
  void turn() {
    now_ = daemon::wall_us();
    {
      const Counted counted(stage_ == "broker");
      dispatch_.receive(now_, items_max);
      intake_.receive(now_, items_max);
      dispatch_.look_at_clock(now_);
      (void)book_.commit([&](orders::Order& order) { dispatch_.order_changed(order, now_); },
                         [&](orders::Order& order) { dispatch_.order_kept(order, now_); });
      dispatch_.end_batch();
      dispatch_.assign();
      intake_.reply(now_, [] { return intake::Gauges{}; });
    }
    payment_.work();
    fulfillment_.work();
    while (client::receive_now(client_, 2)) ++replies_;
  }
  // What the auditor does with each publication, but for its file.
  void audit() {
    std::string lines;
    schema::Hash32 hash{};
    for (std::uint64_t seq = 1; seq <= journal_.totals().last_seq;) {
      const journal::EventRange range = journal_.read(seq, 200, 32 << 10);
      std::string publication;
      schema::Packer(publication).array(range.count).raw(range.events);
      seq += range.count;
      const Counted counted(stage_ == "auditor");
      if (document_.parse(publication, schema::internal_limits)) std::exit(70);
      schema::Document::Value at = document_.root().first_child();
      for (std::uint32_t i = 0; i < range.count; ++i, at = at.next()) {
        const auto event = schema::decode_event(at);
        if (!event) std::exit(70);
        schema::append_audit_line(lines, *event, hash);
      }
      lines.clear();
    }
  }

  std::string stage_;
  config::Settings settings_;
  zmq::context_t zmq_;
  zmq::socket_t orders_, push_, control_, work_, client_;
  journal::LmdbJournal journal_;
  orders::OrderBook book_;
  dispatch::Dispatch dispatch_;
  intake::Answers answers_;
  intake::Intake intake_;
  Worker payment_, fulfillment_;
  schema::Document document_;
  std::int64_t now_ = 0;
  std::size_t requests_ = 0, replies_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: order_cost STAGE DIRECTORY\n", stderr);
    return 64;
  }
  schema::crypto_init();
  Cost(argv[1], argv[2]).run();
  std::printf("%zu orders\n", batches * orders_in_batch);
}
