#include "broker/dispatch/dispatch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "broker/client/socket.hpp"
#include "broker/daemon/clock.hpp"
#include "broker/daemon/planted_bug.hpp"

namespace circuit::dispatch {

using orders::Order;
using schema::Phase;
using schema::Role;
using schema::Status;
using schema::WorkMessage;

namespace {

constexpr std::int64_t us_per_ms = 1'000;
constexpr std::size_t jobs_in_message_max = 2'000;
// An order that only waits for the customer is in no timer until its time to pay ends within this; a sweep over the
// open orders comes by often enough to find it before. So the memory for timers does not grow with the orders that
// wait.
constexpr std::int64_t expiry_horizon_us = 600'000'000;
constexpr std::int64_t sweep_interval_us = 240'000'000;
constexpr std::int64_t sweep_slice_interval_us = 1'000'000;
constexpr std::uint32_t sweep_slice_orders = 20'000;
constexpr std::int64_t lease_check_interval_us = 200'000;
// More than a clock is slewed between two looks.
constexpr std::int64_t clock_step_us = 2'000'000;

constexpr std::string_view lease_not_current = "the lease is not current";
constexpr std::string_view move_not_listed = "the order can't make this move now";
constexpr std::string_view storage_unavailable = "storage is unavailable";

char kind_of(const client::Frames& frames) {
  return frames.size() == 3 && frames[1].size() == 1 ? *frames[1].data<char>() : '\0';
}

}  // namespace

Dispatch::Dispatch(zmq::socket_t& socket, orders::OrderBook& book, journal::Journal& journal,
                   const config::Settings& settings, std::uint64_t start)
    : socket_(socket), book_(book), journal_(journal), settings_(settings), start_(start), rules_(book, settings) {}

void Dispatch::remember(const schema::Uuid& id, const schema::OrderState& state, std::int64_t now) {
  if (state.runnable())
    timers_.add(std::max(due_at(state, now), now), id);
  else if (state.expires_at <= now + expiry_horizon_us)
    timers_.add(state.expires_at, id);
}

// --- what workers say ---

void Dispatch::receive(std::int64_t now, std::size_t items_max) {
  std::size_t outcomes = 0;
  const std::int64_t steady = daemon::steady_us();
  while (outcomes < items_max) {
    auto frames = client::receive_now(socket_, 3);
    if (!frames) break;
    if (kind_of(*frames) == '\0') continue;  // not of our protocol
    receive_message(*frames, now, steady, outcomes);
  }
}

void Dispatch::receive_message(client::Frames& frames, std::int64_t now, std::int64_t steady, std::size_t& outcomes) {
  const std::string routing_id(client::text_of(frames[0]));
  const std::string_view body = client::text_of(frames[2]);
  const auto kind = static_cast<WorkMessage>(kind_of(frames));
  if (kind == WorkMessage::hello) {
    std::vector<schema::Hello> hello;
    if (!schema::decode(document_, body, hello) || hello.size() != 1 || hello[0].protocol != schema::work_protocol) {
      spdlog::warn("dispatch: a worker of another version said hello; it gets no work");
      return;
    }
    const bool is_new = !workers_.find(routing_id);
    const Worker& worker = workers_.hello(routing_id, hello[0], steady);
    if (is_new)
      spdlog::info("dispatch: {} worker {} is here, credit {}", name_of(worker.role), worker.name, worker.credit);
    return;
  }
  Worker* worker = workers_.find(routing_id);
  if (!worker) {
    constexpr char unknown = static_cast<char>(WorkMessage::unknown);
    if (client::send_now(socket_, routing_id, std::string_view(&unknown, 1), {})) return;
    return;  // it is gone already
  }
  worker->heard_at = steady;
  if (kind == WorkMessage::heartbeat) renew(*worker, body, steady);
  if (kind == WorkMessage::goodbye) worker_gone(worker->number, false);
  if (kind == WorkMessage::outcomes) {
    frames_in_batch_.push_back(std::move(frames[2]));
    receive_outcomes(*worker, client::text_of(frames_in_batch_.back()), now, outcomes);
  }
}

void Dispatch::receive_outcomes(Worker& worker, std::string_view body, std::int64_t now, std::size_t& outcomes) {
  if (document_.parse(body, schema::internal_limits) || !document_.root().is_array()) {
    spdlog::warn("dispatch: {} sent outcomes that can't be read", worker.name);
    return;
  }
  schema::Document::Value at = document_.root().first_child();
  for (std::uint32_t i = 0; i < document_.root().size(); ++i, at = at.next()) {
    schema::Outcome outcome;
    if (!schema::decode_value(at, outcome)) {
      spdlog::warn("dispatch: {} sent an outcome that can't be read", worker.name);
      return;
    }
    ++outcomes;
    receive_outcome(worker, outcome, now);
  }
}

void Dispatch::receive_outcome(Worker& worker, const schema::Outcome& outcome, std::int64_t now) {
  const auto refuse_it = [&](std::string_view why) {
    refuse(worker.number, {outcome.lease, outcome.order, false, why});
  };
  const auto lease = outcome.lease.start == start_ ? leases_.find(outcome.lease.number) : leases_.end();
  if (lease == leases_.end() || lease->second.worker != worker.number || lease->second.order->id != outcome.order ||
      lease->second.settled) {
    if (daemon::is_planted(daemon::PlantedBug::no_fencing))
      if (Order* order = book_.find(outcome.order); order && !rules_.settle(*order, outcome, now)) return;
    return refuse_it(lease_not_current);
  }
  Order* order = lease->second.order;
  CIRCUIT_CHECK(order->lease == lease->first, "a leased order knows its lease");
  // In the same batch something else may have come first, a cancel say: then the lease's job is not the order's any
  // more.
  if (order->state.phase != lease->second.phase) return refuse_it(lease_not_current);
  if (const auto refusal = rules_.settle(*order, outcome, now)) {
    spdlog::warn("dispatch: {} of {} refused: {}", name_of(outcome.event), worker.name, refusal->message);
    rules_.lease_lost(*order);
    refuse_it(move_not_listed);
  }
  lease->second.settled = true;
  settled_.push_back({worker.number, outcome.lease, outcome.order});
}

void Dispatch::renew(const Worker& worker, std::string_view body, std::int64_t steady) {
  std::vector<schema::Lease> held;
  if (body.empty() || !schema::decode(document_, body, held)) return;
  for (const schema::Lease& lease : held) {
    const auto record = lease.start == start_ ? leases_.find(lease.number) : leases_.end();
    if (record != leases_.end() && record->second.worker == worker.number)
      record->second.deadline = steady + settings_.dispatch.lease_ms * us_per_ms;
  }
}

void Dispatch::refuse(std::uint32_t worker, const schema::Refused& refused) { refused_[worker].push_back(refused); }

void Dispatch::send_refused() {
  for (const auto& [number, items] : refused_) {
    const Worker* worker = workers_.find(number);
    if (!worker) continue;
    std::string body;
    schema::encode(body, items);
    constexpr char kind = static_cast<char>(WorkMessage::refused);
    // A worker that can't hear it loses nothing: its leases end by themselves.
    (void)client::send_now(socket_, worker->routing_id, std::string_view(&kind, 1), body);
  }
  refused_.clear();
}

// --- leases ---

void Dispatch::worker_gone(std::uint32_t number, bool lost) {
  if (daemon::is_planted(daemon::PlantedBug::lease_never_expires)) return workers_.forget(number);
  for (auto lease = leases_.begin(); lease != leases_.end();) {
    const auto next = std::next(lease);
    if (lease->second.worker == number && !lease->second.settled) {
      Order* order = lease->second.order;
      release(lease);
      // A worker that says goodbye may have sent something to the provider as well, but it is no sign of a poison job.
      if (lost)
        rules_.lease_lost(*order);
      else {
        order->maybe_tried = true;
        order->state.flags |= schema::OrderState::maybe_tried_flag;
        book_.schedule(*order);
      }
    }
    lease = next;
  }
  if (const Worker* worker = workers_.find(number))
    spdlog::info("dispatch: worker {} {}", worker->name, lost ? "is gone" : "said goodbye");
  workers_.forget(number);
}

void Dispatch::release(Leases::iterator lease) {
  if (Worker* worker = workers_.find(lease->second.worker); worker && worker->leased > 0) --worker->leased;
  lease->second.order->lease = 0;
  leases_.erase(lease);
}

void Dispatch::take_back_leases(std::int64_t steady) {
  for (auto lease = leases_.begin(); lease != leases_.end();) {
    const auto next = std::next(lease);
    if (lease->second.deadline <= steady && !lease->second.settled) {
      Order* order = lease->second.order;
      spdlog::warn("dispatch: a lease ended without an outcome; its job goes to another worker");
      release(lease);
      rules_.lease_lost(*order);
    }
    lease = next;
  }
}

// --- time ---

void Dispatch::look_at_clock(std::int64_t now) {
  const std::int64_t steady = daemon::steady_us();
  if (steady >= next_lease_check_at_) {
    next_lease_check_at_ = steady + lease_check_interval_us;
    notice_clock_step(now, steady);
    if (!daemon::is_planted(daemon::PlantedBug::lease_never_expires)) {
      look_at_workers(steady);
      take_back_leases(steady);
    }
  }
  sweep_open_orders(now, steady);
  const auto items_max = static_cast<std::size_t>(settings_.limits.batch_items_max);
  while (book_.batch_size() < 2 * items_max) {
    const auto id = timers_.pop_due(now);
    if (!id) break;
    Order* order = book_.find(*id);
    if (!order || order->lease != 0) continue;
    rules_.expire_when_due(*order, now);
    if (!order->touched) queue(*order, now);
  }
}

void Dispatch::look_at_workers(std::int64_t steady) {
  std::vector<std::uint32_t> gone = workers_.silent_since(steady - settings_.dispatch.worker_silence_ms * us_per_ms);
  // A worker that was killed has lost its connection: a heartbeat can't be routed to it, which shows before its silence
  // does.
  constexpr char heartbeat = static_cast<char>(WorkMessage::heartbeat);
  for (const auto& [number, worker] : workers_.all())
    if (!client::send_now(socket_, worker.routing_id, std::string_view(&heartbeat, 1), {})) gone.push_back(number);
  for (const std::uint32_t number : gone) worker_gone(number, true);
}

void Dispatch::notice_clock_step(std::int64_t now, std::int64_t steady) {
  const std::int64_t offset = now - steady;
  const std::int64_t step = offset - clock_offset_.value_or(offset);
  clock_offset_ = offset;
  if (std::abs(step) < clock_step_us || daemon::is_planted(daemon::PlantedBug::one_clock)) return;
  spdlog::warn("dispatch: the clock was set by {} s: what is due is looked at again", step / 1'000'000);
  timers_ = {};
  book_.for_each([&](const Order& order) { remember(order.id, order.state, now); });
  swept_to_.reset();
  next_sweep_at_ = 0;
}

std::int64_t Dispatch::due_at(const schema::OrderState& state, std::int64_t now) const {
  const std::int64_t longest_ms = std::max(settings_.payment.retry_max_ms, settings_.fulfillment.retry_max_ms);
  // With its jitter a wait is at most five quarters of that. What lies further ahead was stored under another clock.
  const bool is_foreign = state.due_at > now + 2 * longest_ms * us_per_ms;
  return is_foreign && !daemon::is_planted(daemon::PlantedBug::one_clock) ? now : state.due_at;
}

void Dispatch::sweep_open_orders(std::int64_t now, std::int64_t steady) {
  if (steady < next_sweep_at_) return;
  const std::uint32_t visited =
      journal_.open_orders(swept_to_, sweep_slice_orders, [&](const schema::Uuid& id, const schema::OrderState& state) {
        swept_to_ = id;
        if (!state.runnable()) remember(id, state, now);
      });
  const bool whole = visited < sweep_slice_orders;
  if (whole) swept_to_.reset();
  next_sweep_at_ = steady + (whole ? sweep_interval_us : sweep_slice_interval_us);
}

std::int64_t Dispatch::next_look_in_us(std::int64_t now) const {
  const std::int64_t timer_in_us = timers_.next_at_us().value_or(now + lease_check_interval_us) - now;
  return std::clamp<std::int64_t>(timer_in_us, 0, lease_check_interval_us);
}

void Dispatch::queue(Order& order, std::int64_t now) {
  const Role role = role_of(order.state.phase);
  // A refund may come while the order waits for fulfillment: it then stands in a queue whose workers have no use for
  // it.
  if (!order.state.runnable() || order.lease != 0 || order.queued_for == role) return;
  if (daemon::is_planted(daemon::PlantedBug::refund_not_queued) && order.queued_for) return;
  if (const std::int64_t due = due_at(order.state, now); due > now) return timers_.add(due, order.id);
  order.queued_for = role;
  queue_of(role).push_back(order.id);
}

// --- after the commit ---

void Dispatch::order_changed(Order& order, std::int64_t now) {
  if (order.lease != 0) {
    const auto lease = leases_.find(order.lease);
    // Its outcome is durable now, or a newer move took the job away.
    if (lease->second.settled || lease->second.phase != order.state.phase || !order.state.runnable()) release(lease);
  }
  if (!order.state.runnable()) order.queued_for.reset();
  if (order.state.runnable())
    queue(order, now);
  else if (order.state.phase == Phase::waiting && order.state.status != Status::fulfillment_failed)
    remember(order.id, order.state, now);
}

void Dispatch::order_kept(Order& order, std::int64_t now) {
  if (!order.state.runnable()) order.queued_for.reset();
  queue(order, now);
}

void Dispatch::batch_failed() {
  for (const Settled& settled : settled_) {
    if (const auto lease = leases_.find(settled.lease.number); lease != leases_.end()) lease->second.settled = false;
    refuse(settled.worker, {settled.lease, settled.order, true, storage_unavailable});
  }
}

void Dispatch::end_batch() {
  settled_.clear();
  send_refused();
  frames_in_batch_.clear();
}

// --- jobs ---

void Dispatch::assign() {
  for (const Role role : {Role::payment, Role::fulfillment}) {
    std::vector<std::uint32_t> free;
    for (const auto& [number, worker] : workers_.all())
      if (worker.role == role && worker.free_credit() > 0) free.push_back(number);
    for (std::size_t i = 0; i < free.size() && !queue_of(role).empty(); ++i) {
      Worker& worker = *workers_.find(free[i]);
      const std::size_t workers_left = free.size() - i;
      const std::size_t share = (queue_of(role).size() + workers_left - 1) / workers_left;
      if (!send_jobs(worker, share)) worker_gone(worker.number, true);
    }
  }
}

bool Dispatch::send_jobs(Worker& worker, std::size_t share) {
  const std::int64_t deadline = daemon::steady_us() + settings_.dispatch.lease_ms * us_per_ms;
  std::deque<schema::Uuid>& queue = queue_of(worker.role);
  std::size_t wanted = std::min({share, std::size_t{worker.free_credit()}, jobs_in_message_max});
  std::string jobs;
  std::uint32_t count = 0;
  while (wanted > 0 && !queue.empty()) {
    const schema::Uuid id = queue.front();
    queue.pop_front();
    Order* order = book_.find(id);
    if (!order || order->queued_for != worker.role || order->lease != 0) continue;
    order->queued_for.reset();
    order->lease = ++last_lease_;
    leases_.emplace_hint(leases_.end(), last_lease_, LeaseRecord{order, worker.number, order->state.phase, deadline});
    ++worker.leased;
    --wanted;
    ++count;
    schema::encode(jobs, schema::Job{.lease = {start_, last_lease_},
                                     .order = id,
                                     .phase = order->state.phase,
                                     .attempt = order->state.attempt,
                                     .tries = order->state.tries,
                                     .maybe_tried = order->state.maybe_tried() || order->maybe_tried,
                                     .created_at = order->state.created_at,
                                     .amount = order->body.amount,
                                     .currency = order->body.currency,
                                     .product_id = order->body.product_id,
                                     .customer_id = order->body.customer_id,
                                     .input = order->body.input,
                                     .metadata = order->body.metadata});
  }
  if (count == 0) return true;
  std::string body;
  body.reserve(jobs.size() + 5);
  schema::Packer(body).array(count).raw(jobs);
  constexpr char kind = static_cast<char>(WorkMessage::jobs);
  return client::send_now(socket_, worker.routing_id, std::string_view(&kind, 1), body);
}

}  // namespace circuit::dispatch
