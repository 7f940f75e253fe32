#include "broker/broker.hpp"

#include <spdlog/spdlog.h>

#include "broker/audit_check.hpp"
#include "broker/client/endpoints.hpp"
#include "broker/client/socket.hpp"
#include "broker/config/config_error.hpp"
#include "broker/daemon/clock.hpp"
#include "broker/daemon/directories.hpp"
#include "broker/daemon/planted_bug.hpp"
#include "broker/journal/lmdb_journal.hpp"
#include "schema/packer.hpp"

namespace circuit::broker {
namespace {

constexpr std::int64_t storage_look_interval_us = 1'000'000;
// A publication has at least one event, and no more bytes than this if it has several.
constexpr std::size_t publication_bytes_max = 32 << 10;
// Of one subscriber: it asks again when it has read one (client/subscriber.hpp).
constexpr int replay_answers_hwm = 8;

zmq::socket_t bound(zmq::context_t& zmq, zmq::socket_type type, const client::SocketLimits& limits,
                    const std::string& endpoint, const std::vector<std::string>& more = {}) {
  zmq::socket_t socket = client::make_socket(zmq, type, limits);
  client::make_server(socket);
  if (daemon::is_planted(daemon::PlantedBug::unbounded_queues)) socket.set(zmq::sockopt::sndhwm, 0);
  socket.bind(endpoint);
  for (const std::string& other : more) socket.bind(other);
  return socket;
}

client::SocketLimits reply_limits(const config::Settings& settings) {
  return {.send_hwm_messages = static_cast<int>(settings.limits.replies_hwm),
          .receive_hwm_messages = static_cast<int>(settings.limits.replies_hwm),
          .message_bytes_max = settings.limits.message_bytes_max};
}

client::SocketLimits replay_limits(const config::Settings& settings) {
  return {.send_hwm_messages = replay_answers_hwm,
          .receive_hwm_messages = replay_answers_hwm,
          .message_bytes_max = settings.limits.message_bytes_max};
}

client::SocketLimits event_limits(const config::Settings& settings) {
  return {.send_hwm_messages = static_cast<int>(settings.limits.publications_hwm),
          .receive_hwm_messages = 1'000,
          .message_bytes_max = 4'096};  // subscribers send nothing but subscriptions
}

std::optional<zmq::socket_t> relay_socket(zmq::context_t& zmq, const config::Settings& settings,
                                          const std::filesystem::path& data) {
  if (!settings.relay.has_endpoints()) return std::nullopt;
  return bound(zmq, zmq::socket_type::router, reply_limits(settings), client::relay_endpoint(data));
}

std::optional<unsigned> relay_uid(const config::Settings& settings) {
  if (settings.relay.user.empty() || !settings.relay.has_endpoints()) return std::nullopt;
  return daemon::find_user(settings.relay.user, "relay.user");
}

// A key is made with the first order book. Later a missing one is a loss: tokens or licences that customers hold would
// be void.
schema::Key32 load_key(const std::filesystem::path& data, const char* name, const journal::Journal& journal) {
  const std::filesystem::path path = data / "keys" / name;
  std::filesystem::create_directories(path.parent_path());
  if (journal.totals().last_seq > 0 && !std::filesystem::exists(path))
    throw config::ConfigError(path.string() +
                              " is missing, but the journal has orders: restore it from a backup, or, to void " +
                              "what was signed with it, put 32 random bytes there (mode 0600)");
  return daemon::load_or_create_key(path);
}

// A journal that was restored from a backup does not know how often its broker has started since. Leases of that time,
// and directories of files that are named after them, must not come again: so a start's number is at least the clock's
// milliseconds, which no number of starts outruns.
std::uint64_t start_floor() { return static_cast<std::uint64_t>(std::max<std::int64_t>(daemon::wall_us() / 1'000, 0)); }

std::unique_ptr<journal::Journal> open_journal(const std::filesystem::path& data, const config::Settings& settings) {
  auto journal = std::make_unique<journal::LmdbJournal>(journal::LmdbJournalOptions{
      .directory = data / "journal",
      .map_bytes = static_cast<std::size_t>(settings.limits.map_bytes),
      .recent_keys_max = static_cast<std::size_t>(settings.limits.recent_idempotency_keys_max)});
  refuse_other_audit_log(data, *journal);
  return journal;
}

}  // namespace

Broker::Broker(const daemon::Context& context)
    : context_(context),
      settings_(context.settings()),
      lock_(context.data()),
      journal_(open_journal(context.data(), settings_)),
      zmq_(1),
      orders_(bound(zmq_, zmq::socket_type::router, reply_limits(settings_), client::orders_endpoint(context.data()),
                    settings_.endpoints.orders)),
      push_(bound(zmq_, zmq::socket_type::pull, reply_limits(settings_), client::orders_push_endpoint(context.data()),
                  settings_.endpoints.orders_push)),
      control_(
          bound(zmq_, zmq::socket_type::router, reply_limits(settings_), client::control_endpoint(context.data()))),
      work_(bound(zmq_, zmq::socket_type::router, reply_limits(settings_), client::work_endpoint(context.data()),
                  settings_.endpoints.work)),
      events_(bound(zmq_, zmq::socket_type::xpub, event_limits(settings_), client::events_endpoint(context.data()),
                    settings_.endpoints.events)),
      relay_(relay_socket(zmq_, settings_, context.data())),
      replay_(std::make_unique<stream::ReplayServer>(
          bound(zmq_, zmq::socket_type::router, replay_limits(settings_), client::replay_endpoint(context.data()),
                settings_.endpoints.replay),
          *journal_,
          stream::ReplayLimits{.events_max = static_cast<std::uint32_t>(settings_.limits.replay_events_max)})),
      book_(*journal_, settings_),
      attention_(*journal_, settings_),
      dispatch_(work_, book_, *journal_, settings_, journal_->next_start(start_floor())),
      answers_(*journal_, settings_, load_key(context.data(), "token.key", *journal_),
               schema::license_keypair_from_seed(load_key(context.data(), "license.key", *journal_)).secret_key,
               daemon::wall_us()),
      intake_({orders_, push_, control_, relay_ ? &*relay_ : nullptr}, book_, *journal_, answers_, settings_,
              context.data(), relay_uid(settings_)),
      now_(daemon::wall_us()) {
  // The group orders and listens; work and control stay with the daemons' own user, who may confirm payments.
  for (const char* socket : {"orders.sock", "orders-push.sock", "events.sock", "replay.sock"})
    context.share_socket(socket);
  // The relay's user gets through as a member of the group; that it is the relay's is looked at for each message.
  if (relay_) context.share_socket("relay.sock");
  book_.load([&](const schema::Uuid& id, const schema::OrderState& state) { dispatch_.remember(id, state, now_); });
  look_at_storage();
#ifdef CIRCUIT_PLANTED_BUGS
  daemon::planted_publish = [this](const std::string& events, const std::vector<std::size_t>& ends) {
    publish({.outcomes = {}, .events = events, .event_ends = ends});
  };
#endif
  spdlog::info("broker: {} events, {} orders with work", journal_->totals().last_seq, book_.runnable());
}

void Broker::step(int stop_fd) {
  wait(stop_fd);
  now_ = daemon::wall_us();
  replay_->check();
  look_at_storage();
  receive();
  commit();
  attention_.look(now_, daemon::steady_us());
}

void Broker::wait(int stop_fd) {
  zmq::pollitem_t items[] = {{nullptr, stop_fd, ZMQ_POLLIN, 0},
                             {nullptr, intake_.input_event_fd(), ZMQ_POLLIN, 0},
                             {orders_.handle(), 0, ZMQ_POLLIN, 0},
                             {control_.handle(), 0, ZMQ_POLLIN, 0},
                             {work_.handle(), 0, ZMQ_POLLIN, 0},
                             {events_.handle(), 0, ZMQ_POLLIN, 0},
                             {nullptr, -1, 0, 0},
                             {nullptr, -1, 0, 0}};
  std::size_t count = std::size(items) - 2;
  if (relay_) items[count++] = {relay_->handle(), 0, ZMQ_POLLIN, 0};
  // A push socket that is not read would end every wait at once.
  if (intake_.reads_pushes()) items[count++] = {push_.handle(), 0, ZMQ_POLLIN, 0};
  const std::int64_t wait_us = dispatch_.next_look_in_us(daemon::wall_us());
  zmq::poll(items, count, std::chrono::milliseconds((wait_us + 999) / 1000));
}

void Broker::receive() {
  const auto items_max = static_cast<std::size_t>(settings_.limits.batch_items_max);
  // Workers first: what is under way ends before new work begins. An order is one request and two outcomes, so with
  // these shares a batch is as small as it may be for each stage to keep up with the others.
  dispatch_.receive(now_, 2 * items_max / 3 + 1);
  intake_.receive(now_, items_max / 3 + 1);
  dispatch_.look_at_clock(now_);
  for (zmq::message_t subscription; events_.recv(subscription, zmq::recv_flags::dontwait);) {
    // XPUB reads them by itself; they only must not pile up.
  }
}

void Broker::commit() {
  const auto changed = [&](orders::Order& order) { dispatch_.order_changed(order, now_); };
  const auto kept = [&](orders::Order& order) { dispatch_.order_kept(order, now_); };
  if (daemon::is_planted(daemon::PlantedBug::ack_before_commit)) intake_.reply(now_, [this] { return gauges(); });
  try {
    publish(book_.commit(changed, kept));
  } catch (const journal::StorageUnavailable& error) {
    spdlog::error("broker: nothing of this batch was stored: {}", error.what());
    intake_.admission().storage_works = false;
    next_storage_look_at_ = daemon::steady_us() + storage_look_interval_us;
    dispatch_.batch_failed();
    intake_.batch_failed();
  }
  dispatch_.end_batch();
  dispatch_.assign();
  intake_.reply(now_, [this] { return gauges(); });
}

// The high-water mark of the socket counts publications, so each of them is bounded: together that bounds the memory
// that a subscriber costs which does not read. All subscribers share the bytes.
void Broker::publish(const journal::Applied& applied) {
  std::string body;
  std::size_t begin = 0;
  for (std::size_t first = 0; first < applied.event_count();) {
    std::size_t last = first;
    while (last + 1 < applied.event_count() && applied.event_ends[last + 1] - begin <= publication_bytes_max) ++last;
    const std::size_t end = applied.event_ends[last];
    body.clear();
    schema::Packer(body)
        .array(static_cast<std::uint32_t>(last + 1 - first))
        .raw(std::string_view(applied.events).substr(begin, end - begin));
    // A subscriber whose queue is full loses this and asks for a replay.
    (void)client::send_now(events_, "events", body);
    first = last + 1;
    begin = end;
  }
}

void Broker::look_at_storage() {
  const std::int64_t now = daemon::steady_us();
  if (now < next_storage_look_at_) return;
  next_storage_look_at_ = now + storage_look_interval_us;
  journal_->maintain();
  intake::Admission& admission = intake_.admission();
  const bool had_room = admission.storage_has_room;
  admission.storage_has_room =
      daemon::is_planted(daemon::PlantedBug::no_floor) ||
      journal_->free_bytes() >= static_cast<std::uint64_t>(settings_.limits.free_space_floor_bytes);
  admission.storage_works = true;  // until the next commit says otherwise
  if (had_room && !admission.storage_has_room)
    spdlog::error("broker: less than {} bytes are free: new orders are refused, open ones go on",
                  settings_.limits.free_space_floor_bytes);
  if (!had_room && admission.storage_has_room) spdlog::info("broker: there is room again: new orders are taken");
}

intake::Gauges Broker::gauges() const {
  intake::Gauges gauges;
  gauges.runnable = book_.runnable();
  gauges.queued_payment = dispatch_.queued(schema::Role::payment);
  gauges.queued_fulfillment = dispatch_.queued(schema::Role::fulfillment);
  gauges.leased = dispatch_.leased();
  gauges.accepting = intake_.reads_pushes();
  gauges.attention = attention_.counts();
  for (const auto& [number, worker] : dispatch_.workers().all())
    gauges.workers.push_back({worker.name, std::string(name_of(worker.role)), worker.credit, worker.leased});
  return gauges;
}

}  // namespace circuit::broker
