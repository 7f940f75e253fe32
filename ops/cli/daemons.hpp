// All daemons of a data directory: start those that do not run, stop those that do. Each leaves its pid in
// run/<name>.pid and its log in log/<name>.log.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ops/cli/process.hpp"

namespace circuit::cli {

// In the order of their listing.
inline const std::array<std::string, 6> daemon_names = {"circuit-broker",      "circuit-sandbox", "circuit-payment",
                                                        "circuit-fulfillment", "circuit-auditor", "circuit-relay"};
// Runs only where the config has an endpoint for it.
inline const std::string optional_daemon = "circuit-relay";

struct DaemonState {
  std::string name;
  pid_t pid = 0;              // 0: it does not run
  std::int64_t since_us = 0;  // since the epoch
};

struct StoppedDaemon {
  std::string name;
  bool killed = false;  // it did not leave when asked
};

class Daemons {
 public:
  // `programs` is the directory of the daemons' programs.
  Daemons(const std::filesystem::path& data, std::filesystem::path programs);

  [[nodiscard]] const std::filesystem::path& data() const { return data_; }
  // Of those that every circuit has, and of the relay where it was started and not stopped since.
  [[nodiscard]] std::vector<DaemonState> states() const;

  // Starts what does not run, and returns its names once all of it is ready. Makes the data directory. Throws
  // config::ConfigError for a config or a data directory that no daemon would take, and Failure when a daemon ended or
  // was not ready within `limit`; the others go on.
  std::vector<std::string> start(const std::optional<std::filesystem::path>& config,
                                 std::chrono::milliseconds limit = std::chrono::seconds(30));

  // Asks these to stop, the broker and the sandbox after the others, and kills what has not left after `limit`.
  // Returns those that ran.
  std::vector<StoppedDaemon> stop(const std::vector<std::string>& names = {daemon_names.begin(), daemon_names.end()},
                                  std::chrono::milliseconds limit = std::chrono::seconds(15));

  // Has the running ones read their config files again, and returns their names. Throws config::ConfigError, and
  // signals none, when one of the files is one that no daemon would take.
  std::vector<std::string> reload();

  [[nodiscard]] std::filesystem::path log_path(const std::string& name) const;

 private:
  [[nodiscard]] std::filesystem::path pid_path(const std::string& name) const;
  [[nodiscard]] std::optional<Process> running(const std::string& name) const;
  // One `up` or `down` at a time; another one waits.
  [[nodiscard]] daemon::FileDescriptor lock() const;

  const std::filesystem::path data_;
  const std::filesystem::path programs_;
};

}  // namespace circuit::cli
