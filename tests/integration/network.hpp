// A circuit with a relay: its endpoints, its config, and the peers that may come in.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/integration/harness.hpp"

namespace circuit::integration {

class Network {
 public:
  // Everything on, two upstreams: "shop" with the default requests, "books", which may only subscribe.
  explicit Network(const std::string& more_config = quick_config);

  [[nodiscard]] Circuit& circuit() { return circuit_; }
  [[nodiscard]] const std::string& orders() const { return orders_; }
  [[nodiscard]] const std::string& events() const { return events_; }
  [[nodiscard]] const std::string& replay() const { return replay_; }

  // Adds an [[upstream]] with these lines; takes effect at the next start of both the broker and the relay.
  void add(const std::string& name, const std::string& lines);
  // Takes it away; takes effect in the same way, or by `reload`.
  void remove(const std::string& name);
  // Has the broker and the relay read the config again; returns when both have said so.
  void reload();
  // All daemons; returns when a request gets through.
  void start();
  // After a start of the relay or the broker: they find each other a moment after both are ready.
  void wait_until_open();
  [[nodiscard]] std::string config() const;

  // What that upstream needs to connect. Precondition: the relay has run.
  [[nodiscard]] Curve curve(const std::string& name) const;
  [[nodiscard]] Curve stranger() const { return {server_key(), new_curve_keys()}; }
  [[nodiscard]] Client client(const std::string& name, const std::string& routing_id = "") const;
  [[nodiscard]] Stream stream(const std::string& name) const { return {events_, replay_, curve(name)}; }
  [[nodiscard]] std::string server_key() const;

 private:
  std::string orders_ = free_endpoint(), events_ = free_endpoint(), replay_ = free_endpoint();
  std::string config_;
  std::map<std::string, CurveKeys> keys_;
  Circuit circuit_;
};

}  // namespace circuit::integration
