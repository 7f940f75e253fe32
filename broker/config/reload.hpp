// What a running daemon takes over from its config file when it reads it again: the catalogue and the upstreams.
// Everything else holds until the next start, because sockets, the map or a buffer were made by it.
#pragma once

#include <string>
#include <vector>

#include "broker/config/settings.hpp"

namespace circuit::config {

struct Reload {
  std::vector<std::string> taken;         // "product GREETING_V1 is new", …: what holds from now on
  std::vector<std::string> need_restart;  // "payment.timeout_ms", …: what the file says and a restart would take
};

// Takes over from `fresh` what may change while `running` is in use; by the thread that uses it. Throws ConfigError,
// and changes nothing, when `fresh` has a product whose input does not fit the largest message of `running`.
[[nodiscard]] Reload take_over(Settings& running, Settings fresh);

}  // namespace circuit::config
