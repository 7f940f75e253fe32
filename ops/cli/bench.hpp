// `circuit bench`: whole lifecycles of LICENSE_KEY_V1 through the real daemons, every acknowledgement durable,
// everything on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace circuit::cli {

struct BenchOptions {
  std::uint64_t orders = 20'000;
  std::uint64_t window = 2'000;  // unacknowledged at a time
  std::uint64_t rate = 0;        // orders a second; 0: as fast as it goes
  std::uint64_t upstreams = 1;   // connections
  bool waiting = false;          // the config has orders wait for a customer: over when each is acknowledged
  bool replay = false;           // beside the load one subscriber reads all events from the first on
  bool json = false;
  std::optional<std::filesystem::path> config;  // of the daemons
  std::optional<std::filesystem::path> data;    // kept, and used again; otherwise a temporary directory
};

// Starts daemons of its own on a temporary directory, drives them, prints what it measured, and stops them.
// Returns the exit code: 0 when every order was fulfilled exactly once.
[[nodiscard]] int bench(const BenchOptions& options, const std::filesystem::path& programs);

}  // namespace circuit::cli
