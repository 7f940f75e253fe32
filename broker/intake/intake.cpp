#include "broker/intake/intake.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "broker/client/socket.hpp"
#include "broker/daemon/planted_bug.hpp"
#include "broker/intake/upstream.hpp"
#include "schema/limits.hpp"
#include "schema/order_id.hpp"
#include "schema/relayed.hpp"
#include "schema/upstream.hpp"

namespace circuit::intake {

using schema::ErrorCode;
using schema::EventType;
using schema::Refusal;
using schema::Role;
using schema::Status;
using schema::Uuid;

namespace {

constexpr std::size_t frames_max = 3;  // routing id, an empty delimiter, the body
// Of one socket, in one batch. What a parse takes is bounded by the bytes parsed: this bounds it for the batch.
constexpr std::size_t batch_bytes_max = 8 << 20;
// A parse that took more memory than any honest request gives it back.
constexpr std::size_t kept_nodes_max = 512;

std::size_t largest_message(const config::Settings& settings) {
  std::int64_t input = 0;
  for (const config::Product& product : settings.products) input = std::max(input, product.input_bytes_max);
  return static_cast<std::size_t>(input) + schema::request_overhead_bytes_max;
}

// The daemons' own user or root: whoever could read the journal and the keys anyway.
bool is_own(const Peer& peer) { return peer.uid && (*peer.uid == geteuid() || *peer.uid == 0); }

Refusal missing(const Uuid& order) {
  return {ErrorCode::order_not_found, "there is no order " + schema::order_id_text(order), "order_id", 0};
}

}  // namespace

Intake::Intake(IntakeSockets sockets, orders::OrderBook& book, journal::Journal& journal, Answers& answers,
               const config::Settings& settings, const std::filesystem::path& data, std::optional<unsigned> relay_uid)
    : sockets_(sockets),
      book_(book),
      journal_(journal),
      answers_(answers),
      settings_(settings),
      relay_uid_(relay_uid),
      message_bytes_max_(largest_message(settings)),
      creation_(book, journal, settings),
      inputs_(data) {}

void Intake::settings_changed() { message_bytes_max_ = largest_message(settings_); }

bool Intake::reads_pushes() const { return !admission_.refusal(book_, settings_); }

// --- receiving ---

void Intake::receive(std::int64_t now, std::size_t items_max) {
  now_ = now;
  receive_inputs(now);
  receive_from(sockets_.control, now, items_max);
  receive_from(sockets_.orders, now, items_max);
  receive_relayed(now, items_max);
  receive_pushes(now, items_max);
}

void Intake::receive_from(zmq::socket_t& socket, std::int64_t now, std::size_t items_max) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < items_max && bytes < batch_bytes_max; ++i) {
    auto frames = client::receive_now(socket, frames_max);
    if (!frames) return;
    if (frames->size() < 2) continue;  // too many frames: whoever sent it does not speak this protocol
    zmq::message_t& payload = frames->back();
    bytes += payload.size();
    Peer peer = peer_of(payload);
    Route route;
    route.socket = &socket;
    route.routing_id.assign(client::text_of(frames->front()));
    route.delimiter = frames->size() == 3;
    const bool own = is_own(peer);
    route.reads_all = own;
    route.upstream = std::move(peer.upstream);
    route.address = std::move(peer.address);
    if (frames->size() == 3 && (*frames)[1].size() != 0) {
      refuse(std::move(route), schema::packed_request_id({}),
             {ErrorCode::malformed_message, "a request is one frame", {}, 0});
      continue;
    }
    if (&socket == &sockets_.control) {
      if (!own) {
        refuse(std::move(route), schema::packed_request_id({}),
               {ErrorCode::unauthorized, "the control socket is for the operator", {}, 0});
        continue;
      }
      route.operator_ = true;
    }
    handle(std::move(route), payload, now);
  }
}

// What the relay passes on for upstreams on the network: its routing id, its own frame, the request.
void Intake::receive_relayed(std::int64_t now, std::size_t items_max) {
  if (!sockets_.relay) return;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < items_max && bytes < batch_bytes_max; ++i) {
    auto frames = client::receive_now(*sockets_.relay, frames_max);
    if (!frames) return;
    if (frames->size() != frames_max) continue;
    bytes += frames->back().size();
    take_relayed(*frames, now);
  }
}

void Intake::take_relayed(client::Frames& frames, std::int64_t now) {
  zmq::message_t& payload = frames.back();
  const Peer peer = peer_of(payload);
  Route route;
  route.socket = sockets_.relay;
  route.routing_id.assign(client::text_of(frames.front()));
  route.relayed.assign(client::text_of(frames[1]));
  const auto forbid = [&](const char* why) {
    refuse(std::move(route), schema::packed_request_id({}), {ErrorCode::unauthorized, why, {}, 0});
  };
  if (!is_own(peer) && (!peer.uid || peer.uid != relay_uid_)) return forbid("this socket is for the relay");
  const auto relayed = schema::decode_relayed(relayed_document_, route.relayed);
  if (!relayed) return forbid("this is no frame of a relay");
  route.upstream = schema::network_upstream(relayed->upstream);
  handle(std::move(route), payload, now);
}

void Intake::receive_pushes(std::int64_t now, std::size_t items_max) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < items_max && bytes < batch_bytes_max && reads_pushes(); ++i) {
    auto frames = client::receive_now(sockets_.push, 1);
    if (!frames) return;
    if (frames->empty()) {
      ++push_refused_[std::string(name_of(ErrorCode::malformed_message))];
      continue;
    }
    bytes += frames->front().size();
    Peer peer = peer_of(frames->front());
    Route route;
    route.upstream = std::move(peer.upstream);
    route.address = std::move(peer.address);
    handle(std::move(route), frames->front(), now);
  }
}

void Intake::handle(Route&& route, zmq::message_t& payload, std::int64_t now) {
  const std::string_view bytes = client::text_of(payload);
  if (bytes.size() > message_bytes_max_)
    return refuse(std::move(route), schema::packed_request_id({}),
                  {ErrorCode::message_too_large,
                   "a request has at most " + std::to_string(message_bytes_max_) + " bytes",
                   {},
                   0});
  if (documents_used_ == documents_.size()) documents_.emplace_back();
  schema::DecodedRequest decoded = schema::decode_request(documents_[documents_used_], bytes);
  std::string request_id = schema::packed_request_id(decoded.request_id);
  if (!decoded.request) return refuse(std::move(route), std::move(request_id), decoded.request.refusal());
  if (schema::is_operator_request(*decoded.request) && !route.operator_)
    return refuse(std::move(route), std::move(request_id),
                  {ErrorCode::unauthorized, "only the operator may ask this, on the control socket", "type", 0});
  if (const auto refusal = forbidden(route, *decoded.request))
    return refuse(std::move(route), std::move(request_id), *refusal);
  // The request's views must live until the commit; documents are used again in the next batch.
  ++documents_used_;
  answer(std::move(route), std::move(request_id), *decoded.request, payload, now);
}

// Whether the sender's entry lists this. The relay has looked too, but perhaps at an older config.
std::optional<Refusal> Intake::forbidden(const Route& route, const schema::Request& request) const {
  const auto name = schema::network_name_of(route.upstream);
  if (!name) return std::nullopt;
  const config::Upstream* entry = config::find_upstream(settings_, *name);
  if (!entry) return Refusal{ErrorCode::unauthorized, "the broker's config has no such upstream", {}, 0};
  if (!config::permits(*entry, schema::name_of(request)))
    return Refusal{ErrorCode::unauthorized, "this upstream may not ask this", "type", 0};
  return std::nullopt;
}

void Intake::answer(Route&& route, std::string&& request_id, const schema::Request& request, zmq::message_t& payload,
                    std::int64_t now) {
  const auto later = [&](auto make) {
    pending_.push_back({std::move(route), std::move(request_id), {}, false, std::move(make)});
  };
  if (const auto* create_order = std::get_if<schema::CreateOrder>(&request))
    return create(std::move(route), std::move(request_id), *create_order, payload, now);
  if (const auto* confirm = std::get_if<schema::ConfirmPayment>(&request))
    return change(std::move(route), std::move(request_id), confirm->order, EventType::payment_requested, {},
                  confirm->operator_name, now);
  if (const auto* cancel = std::get_if<schema::CancelOrder>(&request))
    return change(std::move(route), std::move(request_id), cancel->order, EventType::cancel_requested, {},
                  cancel->operator_name, now);
  if (const auto* refund = std::get_if<schema::RequestRefund>(&request)) {
    return change(std::move(route), std::move(request_id), refund->order, EventType::refund_requested, refund->reason,
                  refund->operator_name, now);
  }
  if (const auto* retry_order = std::get_if<schema::RetryOrder>(&request))
    return retry(std::move(route), std::move(request_id), *retry_order, now);
  if (std::holds_alternative<schema::Recount>(request)) return recount(std::move(route), std::move(request_id));
  if (const auto* copy = std::get_if<schema::Backup>(&request))
    return backup(std::move(route), std::move(request_id), copy->directory);
  // What only reads is answered after the commit, so that it sees what was asked for before it.
  if (const auto* get = std::get_if<schema::GetOrder>(&request))
    return later([this, id = request_id, order = get->order, who = route] { return answers_.order(id, order, who); });
  if (const auto* get = std::get_if<schema::GetReceipt>(&request))
    return later([this, id = request_id, order = get->order, who = route] { return answers_.receipt(id, order, who); });
  if (std::holds_alternative<schema::GetStats>(request))
    return later([this, id = request_id] { return answers_.stats(id, push_refused_); });
  if (std::holds_alternative<schema::Ping>(request))
    return later([this, id = request_id] { return answers_.ping(id); });
  if (const auto* list = std::get_if<schema::ListOrders>(&request))
    return later([this, id = request_id, what = *list] { return answers_.list_orders(id, what); });
  if (const auto* list = std::get_if<schema::GetAttention>(&request))
    return later([this, id = request_id, what = *list] { return answers_.attention(id, what, now_); });
  if (const auto* redeem = std::get_if<schema::RedeemToken>(&request))
    return later(
        [this, id = request_id, token = std::string(redeem->token)] { return answers_.redeem(id, token, now_); });
  later([this, id = request_id] { return answers_.status(id, gauges_()); });
}

// --- creating ---

void Intake::create(Route&& route, std::string&& request_id, const schema::CreateOrder& request,
                    zmq::message_t& payload, std::int64_t now) {
  if (request.input && request.input.size() > 0) {
    if (inputs_.bytes_in_flight() + payload.size() >
        static_cast<std::size_t>(settings_.limits.inputs_in_flight_bytes_max))
      return refuse(std::move(route), std::move(request_id),
                    {ErrorCode::busy, "too many inputs are being stored", {}, settings_.limits.busy_retry_after_ms});
    InputJob job;
    job.route = std::move(route);
    job.message = std::move(payload);
    return inputs_.submit(std::move(job));
  }
  const Creation::Identity identity = Creation::identify(request, route.upstream, {});
  const auto checked = creation_.check(request, identity, route, 0, admission_);
  if (const auto* refusal = std::get_if<Refusal>(&checked))
    return refuse(std::move(route), std::move(request_id), *refusal);
  if (const auto* known = std::get_if<Creation::Known>(&checked))
    return created(std::move(route), std::move(request_id), known->order, known->status, true);
  const orders::Order& order = creation_.create(request, identity, route, {}, now);
  created(std::move(route), std::move(request_id), order.id, order.state.status, false);
}

void Intake::receive_inputs(std::int64_t now) {
  for (InputJob& job : inputs_.take_done()) create_with_input(job, now);
}

void Intake::create_with_input(InputJob& job, std::int64_t now) {
  if (documents_used_ == documents_.size()) documents_.emplace_back();
  const schema::DecodedRequest decoded =
      schema::decode_request(documents_[documents_used_], client::text_of(job.message));
  CIRCUIT_CHECK(decoded.request && std::holds_alternative<schema::CreateOrder>(*decoded.request),
                "only requests that were read before are stored");
  const auto& request = std::get<schema::CreateOrder>(*decoded.request);
  std::string request_id = schema::packed_request_id(decoded.request_id);
  if (!job.fault.empty()) {
    const bool hashing = job.step == InputJob::Step::hash;
    if (!hashing) spdlog::error("intake: an input could not be stored: {}", job.fault);
    return refuse(std::move(job.route), std::move(request_id),
                  hashing ? Refusal{ErrorCode::invalid_field, "input " + job.fault, "input", 0}
                          : Refusal{ErrorCode::unavailable,
                                    "the input could not be stored; the order was not taken",
                                    {},
                                    settings_.limits.busy_retry_after_ms});
  }
  const bool stored = job.step == InputJob::Step::store;
  const Creation::Identity identity = Creation::identify(request, job.route.upstream, job.sha256);
  const auto checked = stored ? creation_.check_known(identity)
                              : creation_.check(request, identity, job.route, job.input.size(), admission_);
  if (const auto* refusal = std::get_if<Refusal>(&checked))
    return refuse(std::move(job.route), std::move(request_id), *refusal);
  if (const auto* known = std::get_if<Creation::Known>(&checked))
    return created(std::move(job.route), std::move(request_id), known->order, known->status, true);
  if (!stored) {
    job.step = InputJob::Step::store;
    return inputs_.submit(std::move(job));
  }
  const orders::Order& order = creation_.create(request, identity, job.route, job.sha256, now);
  created(std::move(job.route), std::move(request_id), order.id, order.state.status, false);
}

void Intake::created(Route&& route, std::string&& request_id, const Uuid& order, Status status, bool replayed) {
  if (!route.socket) return;
  std::string body = answers_.created(request_id, order, status, replayed);
  pending_.push_back({std::move(route), std::move(request_id), std::move(body), true, {}});
}

// --- changing ---

void Intake::change(Route&& route, std::string&& request_id, const Uuid& id, EventType event, std::string_view reason,
                    std::string_view operator_name, std::int64_t now) {
  orders::Order* order = book_.find(id);
  if (!order) return refuse(std::move(route), std::move(request_id), missing(id));
  // An order belongs to the upstream that created it.
  if (!route.operator_ && order->body.upstream != route.upstream &&
      !daemon::is_planted(daemon::PlantedBug::upstreams_not_separated))
    return refuse(std::move(route), std::move(request_id),
                  {ErrorCode::unauthorized, "this order belongs to another upstream", "order_id", 0});
  if (event == EventType::cancel_requested && order->state.status == Status::payment_failed)
    event = EventType::order_cancelled;
  if (!operator_name.empty() && !route.operator_)
    return refuse(std::move(route), std::move(request_id),
                  {ErrorCode::invalid_field, "operator is for the control socket only", "operator", 0});
  const Role role = route.operator_ ? Role::operator_ : Role::upstream;
  schema::EventData data;
  // The request's bytes are gone before the commit.
  if (!reason.empty()) data.reason = texts_.emplace_back(reason);
  // Who does not give a name is known by the user id of the connection.
  if (route.operator_) data.operator_name = texts_.emplace_back(operator_name.empty() ? route.upstream : operator_name);
  if (const auto refusal = book_.move(*order, event, role, std::move(data), now);
      refusal && !daemon::is_planted(daemon::PlantedBug::ack_refused_transition))
    return refuse(std::move(route), std::move(request_id), *refusal);
  changed(std::move(route), std::move(request_id), *order);
}

void Intake::changed(Route&& route, std::string&& request_id, const orders::Order& order) {
  std::string body;
  schema::Packer packer(body);
  schema::begin_reply(packer, request_id, 2);
  packer.text("order_id").text(schema::order_id_text(order.id)).text("status").text(name_of(order.state.status));
  pending_.push_back({std::move(route), std::move(request_id), std::move(body), true, {}});
}

void Intake::retry(Route&& route, std::string&& request_id, const schema::RetryOrder& request, std::int64_t now) {
  orders::Order* order = book_.find(request.order);
  if (!order) return refuse(std::move(route), std::move(request_id), missing(request.order));
  EventType event = EventType::retry_requested;
  if (order->state.status == Status::payment_failed) event = EventType::payment_retried;
  if (order->state.status == Status::fulfillment_failed) event = EventType::fulfillment_retried;
  if (event == EventType::retry_requested && order->lease != 0)
    return refuse(std::move(route), std::move(request_id),
                  {ErrorCode::invalid_transition, "there is nothing to try again: a worker has the order", {}, 0});
  const std::string_view stuck_on = event == EventType::retry_requested ? name_of(order->state.reason) : "";
  change(std::move(route), std::move(request_id), request.order, event, stuck_on, request.operator_name, now);
}

// --- replying ---

void Intake::recount(Route&& route, std::string&& request_id) {
  // Millions of events take seconds: a thread of its own reads them, in short transactions.
  if (recount_)
    return refuse(std::move(route), std::move(request_id), {ErrorCode::busy, "a recount is under way", {}, 1'000});
  recount_.emplace(
      Errand{std::move(route), std::async(std::launch::async, [this, request_id, kept = journal_.totals()] {
               return answers_.recount(request_id, kept);
             })});
}

void Intake::backup(Route&& route, std::string&& request_id, std::filesystem::path directory) {
  if (backup_)
    return refuse(std::move(route), std::move(request_id), {ErrorCode::busy, "a backup is under way", {}, 1'000});
  backup_.emplace(Errand{std::move(route), std::async(std::launch::async, [this, request_id, directory] {
                           return answers_.backup(request_id, directory);
                         })});
}

void Intake::send_when_done(std::optional<Errand>& errand) {
  if (!errand || errand->reply.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
  send({errand->route, {}, errand->reply.get(), false, {}});
  errand.reset();
}

void Intake::refuse(Route&& route, std::string&& request_id, const Refusal& refusal) {
  if (!route.socket) {
    ++push_refused_[std::string(name_of(refusal.code))];
    spdlog::warn("intake: a pushed message of {} was refused: {}: {}", route.upstream, name_of(refusal.code),
                 refusal.message);
    return;
  }
  std::string body = schema::refusal_reply(request_id, refusal);
  pending_.push_back({std::move(route), std::move(request_id), std::move(body), false, {}});
}

void Intake::batch_failed() {
  const Refusal unavailable{
      ErrorCode::unavailable, "storage is unavailable; nothing was changed", {}, settings_.limits.busy_retry_after_ms};
  for (Pending& pending : pending_) {
    if (!pending.needs_batch) continue;
    pending.body = schema::refusal_reply(pending.request_id, unavailable);
    pending.make = nullptr;
  }
}

void Intake::reply(std::int64_t now, const std::function<Gauges()>& gauges) {
  now_ = now;
  gauges_ = gauges;
  for (Pending& pending : pending_) {
    if (pending.make) pending.body = pending.make();
    send(pending);
  }
  pending_.clear();
  texts_.clear();
  for (; documents_used_ > 0; --documents_used_)
    if (documents_[documents_used_ - 1].nodes_held() > kept_nodes_max) documents_[documents_used_ - 1] = {};
  send_when_done(recount_);
  send_when_done(backup_);
}

void Intake::send(const Pending& pending) {
  if (!pending.route.socket) return;
  // A client that is gone, or that lets its replies pile up to the high-water mark, asks again with its idempotency
  // key.
  if (!pending.route.relayed.empty()) {
    (void)client::send_now(*pending.route.socket, pending.route.routing_id, pending.route.relayed, pending.body);
    return;
  }
  (void)(pending.route.delimiter ? client::send_now(*pending.route.socket, pending.route.routing_id, {}, pending.body)
                                 : client::send_now(*pending.route.socket, pending.route.routing_id, pending.body));
}

}  // namespace circuit::intake
