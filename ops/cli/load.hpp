// The load of a benchmark: creates orders within a window or at a rate, and measures when each is acknowledged and
// fulfilled.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace circuit::cli {

struct LoadOptions {
  std::uint64_t orders = 0;
  std::uint64_t window = 0;
  std::uint64_t rate = 0;             // a second; 0: as fast as the window lets
  std::uint64_t upstreams = 1;        // connections, which take turns
  bool stop_at_acknowledged = false;  // of orders that wait for something: when each is acknowledged, it is over
  std::string first_key;              // of the idempotency keys: what tells one load from another on the same data
};

struct LoadResult {
  double seconds = 0;  // from the first order sent to the last one fulfilled
  std::uint64_t refused = 0;
  std::uint64_t fulfilled = 0;
  std::vector<double> acknowledged_ms;  // one for each order, sorted
  std::vector<double> fulfilled_ms;     // from sending to reading the event, sorted
  std::vector<double> audit_lag_ms;     // from reading an event to its line in the audit log, sorted; samples
};

// Runs against the circuit of a data directory that has no orders of other clients under way. Throws when nothing moves
// for a minute.
[[nodiscard]] LoadResult run_load(const std::filesystem::path& data, const LoadOptions& options);

// The q-quantile (0..1) of sorted values; 0 of none.
[[nodiscard]] double quantile(const std::vector<double>& sorted, double q);

}  // namespace circuit::cli
