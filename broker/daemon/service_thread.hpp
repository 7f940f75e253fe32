// A thread that serves until its owner goes. What ends it before that is kept, and thrown in the owner's loop: a daemon
// must not go on without its service.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <thread>

#include "broker/daemon/files.hpp"

namespace circuit::daemon {

class ServiceThread {
 public:
  // `serve` must return once `stop_fd` is readable, and may use only what outlives this object: make it the owner's
  // last member.
  explicit ServiceThread(std::function<void(int stop_fd)> serve);
  // Asks it to end, and waits for it.
  ~ServiceThread();
  ServiceThread(const ServiceThread&) = delete;
  ServiceThread& operator=(const ServiceThread&) = delete;

  // Throws what ended the thread, if anything did. Never blocks.
  void check() const;

 private:
  FileDescriptor stop_;
  std::exception_ptr failure_;
  std::atomic<bool> failed_ = false;
  std::thread thread_;
};

}  // namespace circuit::daemon
