#include "broker/daemon/context.hpp"

#include <spdlog/spdlog.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "broker/config/config_error.hpp"
#include "broker/config/load.hpp"
#include "broker/config/reload.hpp"
#include "broker/daemon/signals.hpp"

namespace circuit::daemon {
namespace {

// Without a supervisor sd_notify does nothing; when the supervisor cannot be reached there is nobody to tell.
void notify(const std::string& state) { (void)sd_notify(0, state.c_str()); }

}  // namespace

Context::Context(std::filesystem::path data, config::Settings settings, std::string name,
                 std::optional<std::filesystem::path> config)
    : data_(std::move(data)),
      settings_(std::move(settings)),
      name_(std::move(name)),
      config_(std::move(config)),
      signals_(make_signal_descriptor()) {
  std::uint64_t period_us = 0;
  if (sd_watchdog_enabled(0, &period_us) > 0)
    alive_interval_ = std::chrono::microseconds(std::max<std::uint64_t>(period_us / 2, 1));
}

bool Context::stopping() {
  // Each of them is pending once at most.
  while (!stopping_) {
    signalfd_siginfo signal;
    const ssize_t got = ::read(signals_.get(), &signal, sizeof signal);
    if (got < 0 && errno != EAGAIN && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "cannot read the signalfd");
    if (got != static_cast<ssize_t>(sizeof signal)) break;
    if (signal.ssi_signo == SIGHUP)
      reload();
    else
      stop(signal.ssi_signo);
  }
  return stopping_;
}

void Context::stop(std::uint32_t signal) {
  stopping_ = true;
  spdlog::info("stopping: {}", signal == SIGINT ? "SIGINT" : "SIGTERM");
  notify("STOPPING=1");
}

void Context::reload() {
  if (!config_) {
    spdlog::warn("SIGHUP: there is no config file to read again; the settings stay");
    return;
  }
  try {
    const config::Reload reload = config::take_over(settings_, config::load_settings(config_));
    reloaded_ = reloaded_ || !reload.taken.empty();
    for (const std::string& change : reload.taken) spdlog::info("reloaded: {}", change);
    for (const std::string& setting : reload.need_restart)
      spdlog::warn("reloaded: {} is changed in the file, and holds after a restart", setting);
    if (reload.taken.empty() && reload.need_restart.empty()) spdlog::info("reloaded: nothing is changed");
  } catch (const config::ConfigError& error) {
    spdlog::error("not reloaded, the old settings stay: {}", error.what());
  }
}

void Context::ready() {
  spdlog::info("ready");
  notify("READY=1");
}

void Context::alive() {
  if (alive_interval_.count() == 0) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_alive_) return;
  next_alive_ = now + alive_interval_;
  notify("WATCHDOG=1");
}

void Context::status(std::string_view text) {
  // A supervisor that does not read would make each line wait: it gets few.
  const auto now = std::chrono::steady_clock::now();
  if (now < next_status_) return;
  next_status_ = now + std::chrono::seconds(10);
  std::string state = "STATUS=" + std::string(text);
  // A line break would begin another assignment of the protocol.
  std::ranges::replace_if(
      state, [](char c) { return c == '\n' || c == '\0'; }, ' ');
  notify(state);
}

void Context::share_socket(std::string_view file_name) const {
  if (settings_.access.group.empty()) return;
  const std::filesystem::path path = data_ / "run" / file_name;
  if (::chmod(path.c_str(), 0660) != 0) throw_errno(path, "cannot open it to access.group");
}

}  // namespace circuit::daemon
