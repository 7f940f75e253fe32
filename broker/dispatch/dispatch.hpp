// Hands runnable orders to workers and takes their outcomes. A job is leased to one worker; only the current lease may
// move its order, so a worker that was given up on is refused (fencing). Leases live in memory: after a restart none is
// current and every job says maybe_tried. What must survive (tries, due times, lost leases) is in the order's row.
//
// Who is late is a matter of the steady clock: leases and workers do not end when somebody sets the time. Due times are
// stored, so they are wall time; when that is set, what is due is looked at again.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <vector>
#include <zmq.hpp>

#include "broker/client/socket.hpp"
#include "broker/dispatch/outcome_rules.hpp"
#include "broker/dispatch/timer_queue.hpp"
#include "broker/dispatch/workers.hpp"
#include "broker/orders/order_book.hpp"
#include "schema/document.hpp"

namespace circuit::dispatch {

class Dispatch {
 public:
  // `start` counts the broker's starts. The socket must be a bound ROUTER.
  Dispatch(zmq::socket_t& socket, orders::OrderBook& book, journal::Journal& journal, const config::Settings& settings,
           std::uint64_t start);

  // Reads the workers' messages, up to `items_max` outcomes, and adds what follows from them to the batch.
  void receive(std::int64_t now, std::size_t items_max);
  // Adds what time alone brings: lost leases, expiries; queues what is due.
  void look_at_clock(std::int64_t now);

  // After the commit, for each order of the batch.
  void order_changed(orders::Order& order, std::int64_t now);
  // After a batch that did not happen, for each order that it would have changed; its lease is still current.
  void order_kept(orders::Order& order, std::int64_t now);
  // Then: the workers may offer the same outcomes again.
  void batch_failed();
  // After either, for all.
  void end_batch();

  // Sends jobs to the workers that have credit.
  void assign();

  // For an open order at the start.
  void remember(const schema::Uuid& id, const schema::OrderState& state, std::int64_t now);

  // How long it is until look_at_clock has something to do, at the latest.
  [[nodiscard]] std::int64_t next_look_in_us(std::int64_t now) const;

  [[nodiscard]] const Workers& workers() const { return workers_; }
  [[nodiscard]] std::size_t queued(schema::Role role) const { return queue_of(role).size(); }
  [[nodiscard]] std::size_t leased() const { return leases_.size(); }

 private:
  struct LeaseRecord {
    orders::Order* order = nullptr;  // in the book as long as it is leased
    std::uint32_t worker = 0;
    schema::Phase phase = schema::Phase::none;
    std::int64_t deadline = 0;  // of the steady clock
    bool settled = false;       // its outcome is in the batch under way
  };
  struct Settled {
    std::uint32_t worker = 0;
    schema::Lease lease;
    schema::Uuid order;
  };
  using Leases = std::map<std::uint64_t, LeaseRecord>;  // by number, which rises: a new one goes to the end

  void receive_message(client::Frames& frames, std::int64_t now, std::int64_t steady, std::size_t& outcomes);
  void receive_outcomes(Worker& worker, std::string_view body, std::int64_t now, std::size_t& outcomes);
  void receive_outcome(Worker& worker, const schema::Outcome& outcome, std::int64_t now);
  void renew(const Worker& worker, std::string_view body, std::int64_t steady);
  void refuse(std::uint32_t worker, const schema::Refused& refused);
  void send_refused();
  void worker_gone(std::uint32_t number, bool lost);
  void release(Leases::iterator lease);
  void queue(orders::Order& order, std::int64_t now);
  void look_at_workers(std::int64_t steady);
  void take_back_leases(std::int64_t steady);
  void sweep_open_orders(std::int64_t now, std::int64_t steady);
  void notice_clock_step(std::int64_t now, std::int64_t steady);
  // When the order's next try is due: what is stored, unless it lies further ahead than any wait can be.
  [[nodiscard]] std::int64_t due_at(const schema::OrderState& state, std::int64_t now) const;
  bool send_jobs(Worker& worker, std::size_t share);
  [[nodiscard]] std::deque<schema::Uuid>& queue_of(schema::Role role) {
    return queues_[role == schema::Role::fulfillment ? 1 : 0];
  }
  [[nodiscard]] const std::deque<schema::Uuid>& queue_of(schema::Role role) const {
    return queues_[role == schema::Role::fulfillment ? 1 : 0];
  }

  zmq::socket_t& socket_;
  orders::OrderBook& book_;
  journal::Journal& journal_;
  const config::Settings& settings_;
  const std::uint64_t start_;
  OutcomeRules rules_;
  Workers workers_;
  Leases leases_;
  std::uint64_t last_lease_ = 0;
  std::array<std::deque<schema::Uuid>, 2> queues_;  // payment, fulfilment
  TimerQueue timers_;
  std::int64_t next_lease_check_at_ = 0;  // of the steady clock, as the next
  std::int64_t next_sweep_at_ = 0;
  std::optional<std::int64_t> clock_offset_;  // wall − steady, when last looked at
  std::optional<schema::Uuid> swept_to_;
  std::vector<Settled> settled_;
  std::deque<zmq::message_t> frames_in_batch_;  // outcomes are views into them
  std::map<std::uint32_t, std::vector<schema::Refused>> refused_;
  schema::Document document_;
};

}  // namespace circuit::dispatch
