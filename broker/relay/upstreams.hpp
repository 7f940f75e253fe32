// Who may come in over the network, by public key. Two threads look things up while a third may replace the whole
// table: a look-up gives a copy of the pointer to one entry, which stays as it was for whoever holds it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/config/settings.hpp"

namespace circuit::relay {

class Upstreams {
 public:
  explicit Upstreams(const std::vector<config::Upstream>& upstreams) { replace(upstreams); }

  // From any thread. Who is not among them any more is answered `unauthorized` from the next request on.
  void replace(const std::vector<config::Upstream>& upstreams);

  // The upstream with this key (Z85), or nullptr. From any thread.
  [[nodiscard]] std::shared_ptr<const config::Upstream> find(std::string_view public_key) const;

 private:
  using Table = std::unordered_map<std::string, std::shared_ptr<const config::Upstream>>;

  mutable std::mutex mutex_;
  std::shared_ptr<const Table> table_;
};

}  // namespace circuit::relay
