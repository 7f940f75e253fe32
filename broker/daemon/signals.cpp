#include "broker/daemon/signals.hpp"

#include <pthread.h>
#include <sys/signalfd.h>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace circuit::daemon {
namespace {

sigset_t daemon_signals() noexcept {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

void block_signals() {
  const sigset_t set = daemon_signals();
  if (const int error = pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0)
    throw std::system_error(error, std::generic_category(), "cannot block signals");
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

FileDescriptor make_signal_descriptor() {
  const sigset_t set = daemon_signals();
  FileDescriptor descriptor(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!descriptor) throw std::system_error(errno, std::generic_category(), "cannot make a signalfd");
  return descriptor;
}

void restore_signals() noexcept {
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_DFL);
  const sigset_t set = daemon_signals();
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace circuit::daemon
