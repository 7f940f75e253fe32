// What is different when a person looks on: a line that shows how far long work has come. Progress goes to stderr, so
// that stdout holds results only; without a terminal nothing is shown.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace circuit::cli {

// Writes to stdout at once. Throws Failure when it can't (a full disk behind a redirection).
void print(std::string_view text);
// To stderr: what is not a result.
void note(std::string_view text);

class Progress {
 public:
  // `what` stands before the bar: "reading the audit log".
  explicit Progress(std::string what);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();  // takes the line away

  // Redraws now and then. With `all` 0 only the work and its time are shown.
  void show(std::uint64_t done, std::uint64_t all);

 private:
  const std::string what_;
  const bool shown_;
  bool drawn_ = false;
  const std::chrono::steady_clock::time_point began_;
  std::chrono::steady_clock::time_point next_draw_;
};

// "[#####.....]  50 %".
[[nodiscard]] std::string bar_text(std::uint64_t done, std::uint64_t all);

}  // namespace circuit::cli
