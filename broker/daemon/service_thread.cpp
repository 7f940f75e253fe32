#include "broker/daemon/service_thread.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace circuit::daemon {

ServiceThread::ServiceThread(std::function<void(int stop_fd)> serve) : stop_(::eventfd(0, EFD_CLOEXEC)) {
  if (!stop_) throw_errno("a service's thread", "cannot make an event descriptor");
  thread_ = std::thread([this, serve = std::move(serve)] {
    try {
      serve(stop_.get());
    } catch (...) {
      failure_ = std::current_exception();
      failed_ = true;
    }
  });
}

ServiceThread::~ServiceThread() {
  constexpr std::uint64_t one = 1;
  (void)!::write(stop_.get(), &one, sizeof one);
  thread_.join();
}

void ServiceThread::check() const {
  if (failed_) std::rethrow_exception(failure_);
}

}  // namespace circuit::daemon
