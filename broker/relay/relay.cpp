#include "broker/relay/relay.hpp"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "broker/client/curve.hpp"
#include "broker/client/endpoints.hpp"
#include "broker/daemon/clock.hpp"
#include "broker/daemon/curve_key.hpp"
#include "broker/relay/zap.hpp"
#include "schema/crypto.hpp"

namespace circuit::relay {
namespace {

constexpr std::chrono::milliseconds turn{1'000};

// A peer's queues are small: what does not fit waits on its own host, or is lost and asked for again.
constexpr int network_requests_hwm = 16;
constexpr int network_replies_hwm = 4'000;  // above what may be under way: libzmq counts what was read late
constexpr int network_publications_hwm = 500;
constexpr int network_replays_hwm = 2;  // answers of about 1 MiB each
constexpr int broker_hwm = 2'000;
// An address is free again when libzmq's own thread has closed the socket that had it.
constexpr std::chrono::milliseconds address_wait{2'000};
constexpr std::chrono::milliseconds between_binds{2};
constexpr std::int64_t subscription_bytes_max = 1'024;  // not less: a CURVE handshake has commands of 279 bytes
constexpr std::int64_t replay_request_bytes_max = 4'096;

// Beyond it allocations fail. Where libzmq reads a frame it then gives up the connection, and the memory with it;
// anywhere else the process ends. RLIMIT_AS would count address space that is only reserved.
void limit_memory([[maybe_unused]] std::int64_t bytes_max) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // whose own memory has no bound
  const auto limit = static_cast<rlim_t>(bytes_max);
  const rlimit both{limit, limit};
  if (::setrlimit(RLIMIT_DATA, &both) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot limit the memory");
#endif
}

client::CurveKeys own_keys(const daemon::Context& context) {
  const config::Settings::Relay& settings = context.settings().relay;
  const std::filesystem::path path = daemon::key_path(context.data(), settings.key_file);
  std::filesystem::create_directories(path.parent_path());
  if (daemon::create_curve_key(path))
    spdlog::warn("relay: a new key was made in {}; every peer needs its public key", path.string());
  client::CurveKeys keys = daemon::load_curve_key(path, "bring it back from a backup");
  spdlog::info("relay: public key {}", keys.public_key);
  return keys;
}

void bind_to(zmq::socket_t& socket, const std::string& endpoint) {
  for (const auto deadline = std::chrono::steady_clock::now() + address_wait;;) {
    try {
      return socket.bind(endpoint);
    } catch (const zmq::error_t& error) {
      if (error.num() != EADDRINUSE || std::chrono::steady_clock::now() >= deadline)
        throw std::runtime_error("cannot bind " + endpoint + ": " + error.what());
    }
    std::this_thread::sleep_for(between_binds);
  }
}

zmq::socket_t bound(zmq::context_t& zmq, zmq::socket_type type, const client::SocketLimits& limits,
                    const std::string& secret_key, std::string_view domain, const std::vector<std::string>& endpoints) {
  zmq::socket_t socket = client::make_socket(zmq, type, limits);
  client::make_server(socket);
  client::serve_curve(socket, secret_key, std::string(domain));
  const auto is_ipv6 = [](const std::string& endpoint) { return endpoint.find('[') != endpoint.npos; };
  socket.set(zmq::sockopt::ipv6, std::ranges::any_of(endpoints, is_ipv6));
  for (const std::string& endpoint : endpoints) bind_to(socket, endpoint);
  return socket;
}

zmq::socket_t connected(zmq::context_t& zmq, zmq::socket_type type, const client::SocketLimits& limits,
                        const std::string& endpoint) {
  zmq::socket_t socket = client::make_socket(zmq, type, limits);
  // Without a broker a request is refused at once; what gathers here would be stale when one comes.
  if (type == zmq::socket_type::dealer) socket.set(zmq::sockopt::immediate, true);
  socket.connect(endpoint);
  return socket;
}

}  // namespace

Relay::Relay(const daemon::Context& context)
    : upstreams_(context.settings().upstreams),
      subscribers_(keys_of(context.settings().upstreams, stream_domain)),
      zmq_(1),
      zap_(zmq_, upstreams_),
      requests_gate_({.bytes_max = static_cast<std::size_t>(context.settings().relay.memory_bytes_max / 4)},
                     context.settings().limits.busy_retry_after_ms),
      stream_gate_({.messages_max = 4, .patience_us = 10'000'000}, context.settings().limits.busy_retry_after_ms) {
  const config::Settings& settings = context.settings();
  const std::string secret_key = own_keys(context).secret_key;
  limit_memory(settings.relay.memory_bytes_max);
  schema::crypto_init();
  const client::SocketLimits to_broker{broker_hwm, broker_hwm, settings.limits.message_bytes_max};
  if (!settings.relay.orders.empty())
    requests_.emplace(bound(zmq_, zmq::socket_type::router,
                            {network_replies_hwm, network_requests_hwm, settings.limits.message_bytes_max}, secret_key,
                            orders_domain, settings.relay.orders),
                      connected(zmq_, zmq::socket_type::dealer, to_broker, client::relay_endpoint(context.data())),
                      upstreams_, requests_gate_);
  if (!settings.relay.events.empty())
    publications_.emplace(
        [this, secret_key, endpoints = settings.relay.events] {
          return bound(zmq_, zmq::socket_type::xpub,
                       {network_publications_hwm, network_requests_hwm, subscription_bytes_max}, secret_key,
                       stream_domain, endpoints);
        },
        connected(zmq_, zmq::socket_type::sub, to_broker, client::events_endpoint(context.data())));
  if (!settings.relay.replay.empty())
    replays_.emplace(
        bound(zmq_, zmq::socket_type::router, {network_replays_hwm, network_requests_hwm, replay_request_bytes_max},
              secret_key, stream_domain, settings.relay.replay),
        connected(zmq_, zmq::socket_type::dealer, to_broker, client::replay_endpoint(context.data())), upstreams_,
        stream_gate_);
  spdlog::info("relay: {} upstreams", settings.upstreams.size());
}

void Relay::replace(const std::vector<config::Upstream>& upstreams) {
  upstreams_.replace(upstreams);  // first: who connects again is asked about with the new table
  const auto before = std::exchange(subscribers_, keys_of(upstreams, stream_domain));
  if (!publications_ || std::ranges::includes(subscribers_, before)) return;
  spdlog::info("relay: a key may not subscribe any more; all subscribers have to connect again");
  publications_->reopen();
}

void Relay::step(int stop_fd) {
  wait(stop_fd);
  zap_.check();
  const std::int64_t now_us = daemon::steady_us();
  if (requests_) requests_->turn(now_us);
  if (publications_) publications_->turn();
  if (replays_) replays_->turn(now_us);
}

void Relay::wait(int stop_fd) {
  std::vector<zmq::pollitem_t> items = {{nullptr, stop_fd, ZMQ_POLLIN, 0}};
  const auto add = [&](auto& relay) {
    if (!relay) return;
    items.push_back({relay->network().handle(), 0, ZMQ_POLLIN, 0});
    items.push_back({relay->broker().handle(), 0, ZMQ_POLLIN, 0});
  };
  add(requests_);
  add(publications_);
  add(replays_);
  zmq::poll(items, turn);
}

}  // namespace circuit::relay
