// Deadlines for what happens in other processes.
#pragma once

#include <chrono>
#include <concepts>
#include <stdexcept>
#include <string>
#include <thread>

namespace circuit::integration {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr milliseconds patience{20'000};

// Asks until the answer is yes. Throws std::runtime_error, which names `what`, when the time is over.
template <std::predicate Predicate>
void eventually(const std::string& what, Predicate predicate, milliseconds limit = patience) {
  const Clock::time_point deadline = Clock::now() + limit;
  constexpr milliseconds between{3};
  while (!predicate()) {
    if (Clock::now() >= deadline)
      throw std::runtime_error("not within " + std::to_string(limit.count()) + " ms: " + what);
    std::this_thread::sleep_for(between);
  }
}

}  // namespace circuit::integration
