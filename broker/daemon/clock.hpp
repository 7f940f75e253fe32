// The two clocks. What is stored and shown is wall time, which an operator or NTP may set in both directions; how long
// something took, and when somebody is late, is measured with the steady clock, which only goes forward.
#pragma once

#include <chrono>
#include <cstdint>

#include "broker/daemon/planted_bug.hpp"

namespace circuit::daemon {

// µs since the epoch, UTC.
[[nodiscard]] inline std::int64_t wall_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// µs since some moment before the process began.
[[nodiscard]] inline std::int64_t steady_us() {
  if (is_planted(PlantedBug::one_clock)) return wall_us();
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace circuit::daemon
