// Everything that an operator may set, as plain values with the defaults that hold without a config file
// (DESIGN §3.6). What each one means, its unit and its limits stand once, in settings_table.cpp.
//
// Units end the names: _ms, _s, _bytes. A setting of the file may have a larger unit than its member
// (`token_valid_days` fills `token_valid_s`); the table holds the factor.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace circuit::config {

inline constexpr std::int64_t kibibyte = 1024;
inline constexpr std::int64_t mebibyte = 1024 * kibibyte;
inline constexpr std::int64_t gibibyte = 1024 * mebibyte;
inline constexpr std::int64_t tebibyte = 1024 * gibibyte;
inline constexpr std::int64_t day_s = 86'400;

// What becomes of a paid order whose fulfillment failed for good: a person looks at it, or the money goes back.
enum class OnFailure : std::uint8_t { hold, refund };

// Who confirms payments in the sandbox: it does so by itself, or it waits for `confirm_payment`.
enum class Confirm : std::uint8_t { automatic, manual };

// Whether tcp endpoints without encryption may be bound, on loopback addresses.
enum class PlainLoopback : std::uint8_t { refused, allowed };

// For handler "exec" only: the program that makes the deliverables.
struct ExecOptions {
  std::vector<std::string> command;  // never empty for handler "exec", always empty for the others
  std::int64_t timeout_ms = 60'000;
  std::int64_t output_bytes_max = 64 * mebibyte;
  std::int64_t memory_bytes_max = 1 * gibibyte;
  std::vector<std::string> readable;  // absolute paths
  std::string network = "none";       // none or internet
  bool operator==(const ExecOptions&) const = default;
};

struct Product {
  std::string id;
  std::int64_t amount = 0;  // minor units; schema::is_order_amount
  std::string currency;     // schema::parse_currency accepts it
  std::string handler;      // license_key, exec or data_analysis
  OnFailure on_failure = OnFailure::hold;
  std::int64_t refund_window_s = 7 * day_s;
  std::int64_t input_bytes_max = 8 * mebibyte;
  ExecOptions exec;
  bool operator==(const Product&) const = default;
};

// What is sold when the config file names no product.
[[nodiscard]] inline std::vector<Product> sample_products() {
  std::vector<Product> products(2);
  products[0].id = "DATA_ANALYSIS_V1";
  products[0].amount = 5'000;
  products[0].currency = "USD";
  products[0].handler = "data_analysis";
  products[1].id = "LICENSE_KEY_V1";
  products[1].amount = 2'000;
  products[1].currency = "USD";
  products[1].handler = "license_key";
  return products;
}

// Who may come over the network: known by its key, and called by its name everywhere else.
struct Upstream {
  std::string name;        // unique
  std::string public_key;  // CURVE, 40 characters of Z85; unique
  // Types of requests, and "subscribe" for events and replays.
  std::vector<std::string> requests = {"create_order", "confirm_payment", "cancel_order", "request_refund",
                                       "get_order",    "get_receipt",     "ping"};
  std::int64_t creates_per_minute = 600;   // 0: no limit
  std::int64_t requests_per_second = 100;  // all types together
  bool operator==(const Upstream&) const = default;
};

struct Settings {
  // Endpoints to bind beside the ipc ones below run/.
  struct Endpoints {
    std::vector<std::string> orders;
    std::vector<std::string> orders_push;
    std::vector<std::string> events;
    std::vector<std::string> replay;
    std::vector<std::string> work;
    PlainLoopback plain_loopback = PlainLoopback::refused;
    bool operator==(const Endpoints&) const = default;
  } endpoints;

  struct Access {
    std::string group;  // empty: the daemons' own user only
    bool operator==(const Access&) const = default;
  } access;

  // The edge to the network: circuit-relay. Without an endpoint it does not run.
  struct Relay {
    std::vector<std::string> orders;
    std::vector<std::string> events;
    std::vector<std::string> replay;
    std::string user;                          // empty: the daemons' own user
    std::string key_file = "relay/relay.key";  // below the data directory unless it is absolute
    std::int64_t memory_bytes_max = 512 * mebibyte;
    bool operator==(const Relay&) const = default;
    [[nodiscard]] bool has_endpoints() const { return !orders.empty() || !events.empty() || !replay.empty(); }
  } relay;

  // An auditor on another host, which reaches the stream through a relay. All of it is set, or nothing.
  struct Auditor {
    std::string events;
    std::string replay;
    std::string server_key;
    std::string secret_key_file;  // below the data directory unless it is absolute
    bool operator==(const Auditor&) const = default;
    [[nodiscard]] bool is_remote() const { return !events.empty(); }
  } auditor;

  struct Limits {
    std::int64_t message_bytes_max = 16 * mebibyte;
    std::int64_t batch_items_max = 4'000;
    std::int64_t runnable_orders_max = 200'000;
    std::int64_t replies_hwm = 10'000;      // fits an int
    std::int64_t publications_hwm = 4'000;  // fits an int
    std::int64_t replay_events_max = 10'000;
    std::int64_t inputs_in_flight_bytes_max = 128 * mebibyte;
    std::int64_t free_space_floor_bytes = 256 * mebibyte;
    std::int64_t map_bytes = 1 * tebibyte;
    std::int64_t recent_idempotency_keys_max = 500'000;
    std::int64_t busy_retry_after_ms = 1'000;
    bool operator==(const Limits&) const = default;
  } limits;

  struct RateLimit {
    std::int64_t creates_per_minute_per_ip = 10;       // 0: no limit
    std::int64_t creates_per_minute_per_upstream = 0;  // 0: no limit
    std::int64_t addresses_max = 100'000;
    bool operator==(const RateLimit&) const = default;
  } rate_limit;

  struct Payment {
    std::int64_t timeout_ms = 5'000;
    std::int64_t tries_max = 5;
    std::int64_t retry_first_ms = 1'000;
    std::int64_t retry_max_ms = 60'000;
    std::int64_t in_flight_max = 4'000;
    std::int64_t expire_after_s = 1 * day_s;
    std::string url = "https://pay.example.invalid/{order_id}";  // http(s), and always holds "{order_id}"
    bool operator==(const Payment&) const = default;
  } payment;

  struct Fulfillment {
    std::int64_t threads = 2;
    std::int64_t in_flight_max = 4'000;
    std::int64_t tries_max = 5;
    std::int64_t retry_first_ms = 1'000;
    std::int64_t retry_max_ms = 60'000;
    std::string exec_sandbox = "required";  // required or best_effort
    bool operator==(const Fulfillment&) const = default;
  } fulfillment;

  struct Dispatch {
    std::int64_t lease_ms = 30'000;
    std::int64_t worker_silence_ms = 5'000;
    std::int64_t lost_leases_max = 5;
    bool operator==(const Dispatch&) const = default;
  } dispatch;

  struct Delivery {
    std::int64_t token_valid_s = 30 * day_s;
    std::int64_t target_s = 5;
    bool operator==(const Delivery&) const = default;
  } delivery;

  struct Sandbox {
    Confirm confirm = Confirm::automatic;
    bool operator==(const Sandbox&) const = default;
  } sandbox;

  // Both in the order of their unique names: add_product() and add_upstream() keep it, find_…() relies on it.
  std::vector<Product> products = sample_products();
  std::vector<Upstream> upstreams;

  bool operator==(const Settings&) const = default;
};

template <class T>
[[nodiscard]] const T* find_by_name(const std::vector<T>& sorted, std::string T::*name, std::string_view wanted) {
  const auto at = std::ranges::lower_bound(sorted, wanted, {}, name);
  return at != sorted.end() && (*at).*name == wanted ? &*at : nullptr;
}
template <class T>
void insert_by_name(std::vector<T>& sorted, std::string T::*name, T added) {
  const auto at = std::ranges::upper_bound(sorted, added.*name, {}, name);
  sorted.insert(at, std::move(added));
}

// The upstream with this name, or nullptr.
[[nodiscard]] inline const Upstream* find_upstream(const Settings& settings, std::string_view name) {
  return find_by_name(settings.upstreams, &Upstream::name, name);
}
inline void add_upstream(Settings& settings, Upstream upstream) {
  insert_by_name(settings.upstreams, &Upstream::name, std::move(upstream));
}

// Whether its entry lists the type of request, or "subscribe".
[[nodiscard]] inline bool permits(const Upstream& upstream, std::string_view request) {
  for (const std::string& permitted : upstream.requests)
    if (permitted == request) return true;
  return false;
}

// The product with this id, or nullptr.
[[nodiscard]] inline const Product* find_product(const Settings& settings, std::string_view id) {
  return find_by_name(settings.products, &Product::id, id);
}
inline void add_product(Settings& settings, Product product) {
  insert_by_name(settings.products, &Product::id, std::move(product));
}

}  // namespace circuit::config
