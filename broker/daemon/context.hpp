// What a running daemon gets from its frame: its directory, its settings, and its talk with the supervisor
// (sd_notify(3)). For the thread that runs the body; others may use data() and name(), and what is not taken over from
// the file while the daemon runs (config/reload.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "broker/config/settings.hpp"
#include "broker/daemon/files.hpp"

namespace circuit::daemon {

class Context {
 public:
  // Takes over SIGTERM, SIGINT and SIGHUP, which must be blocked in every thread. `config` is the file that the
  // settings came from; nothing when they are the defaults.
  Context(std::filesystem::path data, config::Settings settings, std::string name,
          std::optional<std::filesystem::path> config = std::nullopt);

  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  [[nodiscard]] const std::filesystem::path& data() const { return data_; }
  [[nodiscard]] const config::Settings& settings() const { return settings_; }
  // The instance: --name, or else the program's own name.
  [[nodiscard]] const std::string& name() const { return name_; }

  // Becomes readable when the daemon is asked to stop or to reload, for polling together with sockets. Only stopping()
  // reads it, after which it is quiet again: a poll during the drain does not spin.
  [[nodiscard]] int stop_fd() const { return signals_.get(); }
  // Whether the daemon was asked to stop; once true, always true. Call it between two turns of the loop: after a SIGHUP
  // it reads the config file again and changes settings(). A file that no daemon would take is logged, and the old
  // settings stay.
  [[nodiscard]] bool stopping();
  // Whether stopping() has changed settings() since the last call.
  [[nodiscard]] bool take_reloaded() { return std::exchange(reloaded_, false); }

  // Everything is open and bound. Logged.
  void ready();
  // The loop still turns. Call it once per turn; without a watchdog it costs nothing, and it tells at most twice per
  // period.
  void alive();
  // A line for `systemctl status`; at most one in ten seconds is sent, the others are dropped.
  void status(std::string_view text);

  // Lets the members of access.group connect to a socket that was bound below run/ ("orders.sock"): a bind makes it
  // with the owner's rights only, and a connect needs the right to write. Does nothing without access.group.
  void share_socket(std::string_view file_name) const;

 private:
  void stop(std::uint32_t signal);
  void reload();

  std::filesystem::path data_;
  config::Settings settings_;
  std::string name_;
  std::optional<std::filesystem::path> config_;
  FileDescriptor signals_;
  bool stopping_ = false;
  bool reloaded_ = false;
  std::chrono::microseconds alive_interval_{0};  // 0: no watchdog
  std::chrono::steady_clock::time_point next_alive_{};
  std::chrono::steady_clock::time_point next_status_{};
};

}  // namespace circuit::daemon
