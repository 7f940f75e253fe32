// A whole circuit in a temporary directory: the daemons as users run them, and everything that a test asks of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/client.hpp"
#include "tests/integration/files.hpp"
#include "tests/integration/process.hpp"
#include "tests/integration/stream.hpp"

namespace circuit::integration {

// Rate limits off and short waits: what most tests want beside their own settings.
inline const std::string quick_config =
    "[payment]\ntimeout_ms = 300\nretry_first_ms = 20\nretry_max_ms = 100\ntries_max = 50\n"
    "[fulfillment]\nretry_first_ms = 20\nretry_max_ms = 100\n";

class Circuit {
 public:
  // Nothing runs yet. An empty config means: no config file.
  explicit Circuit(const std::string& config = quick_config);
  ~Circuit();
  Circuit(const Circuit&) = delete;
  Circuit& operator=(const Circuit&) = delete;

  // Takes effect at the next start.
  void set_config(const std::string& config);

  // All five, or those that are named without "circuit-". A name such as "payment-2" is one more instance. Returns when
  // all of them say that they are ready.
  void start();
  void start(const std::vector<std::string>& names);
  // Asks it to end; its exit code must be 0.
  void stop(const std::string& name);
  void kill(const std::string& name, int signal = 9);
  void signal(const std::string& name, int number) { daemon(name).signal(number); }
  [[nodiscard]] Process& daemon(const std::string& name) { return *daemons_.at(name); }
  // Everything that has its name, from the first start on.
  [[nodiscard]] std::string log(const std::string& name) const;

  [[nodiscard]] std::filesystem::path data() const { return directory_ / "d"; }
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  [[nodiscard]] std::filesystem::path config_path() const { return directory_ / "circuit.toml"; }
  [[nodiscard]] std::string endpoint(const std::string& socket) const;

  // A long-lived client of each socket.
  Json orders(const Json& request);
  Json control(const Json& request);
  void push(const Json& request);
  [[nodiscard]] Client client(const std::string& socket = "orders.sock") const { return Client(endpoint(socket)); }
  [[nodiscard]] Stream stream() const { return {endpoint("events.sock"), endpoint("replay.sock")}; }

  // Sends a new order, and gives its id. Throws when it is refused.
  std::string create(const Json& request);
  [[nodiscard]] Json order(const std::string& order_id);
  [[nodiscard]] std::string status(const std::string& order_id) { return order(order_id).at("status"); }
  // Gives the order as get_order has it.
  Json wait_for(const std::string& order_id, const std::string& status, milliseconds limit = patience);
  [[nodiscard]] Json stats() { return orders({{"type", "get_stats"}}).at("stats"); }
  // The entry of the order in get_attention, or an empty map.
  [[nodiscard]] Json attention(const std::string& order_id);
  // What the broker says of this worker, or an empty map.
  [[nodiscard]] Json worker(const std::string& name);

  [[nodiscard]] Audit audit() const { return read_audit(data() / "audit"); }
  // Waits until the log has every event.
  Audit whole_audit();
  [[nodiscard]] std::vector<Json> ledger() const { return read_ledger(data() / "sandbox"); }
  [[nodiscard]] Money money(const std::string& order_id) const { return money_by_order(ledger())[order_id]; }

 private:
  Client& kept(std::unique_ptr<Client>& client, const std::string& socket);

  std::filesystem::path directory_;
  std::map<std::string, std::unique_ptr<Process>> daemons_;
  std::unique_ptr<Client> orders_, control_, push_;
};

// A request for a product of the samples; the key makes it a new order or the same one.
[[nodiscard]] Json license_order(const std::string& key);
[[nodiscard]] Json analysis_order(const std::string& key, std::string_view csv);
// With metadata that makes the sandbox misbehave.
[[nodiscard]] Json sandbox_order(const std::string& key, const std::string& behaviour);

// The types of an order's events, in order.
[[nodiscard]] std::vector<std::string> types(const Json& order);
inline const std::vector<std::string> happy_path = {"order_created", "payment_confirmed", "order_fulfilled"};

}  // namespace circuit::integration
