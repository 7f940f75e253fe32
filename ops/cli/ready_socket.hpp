// The supervisor's end of sd_notify(3): hears which daemons are ready.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "broker/daemon/files.hpp"

namespace circuit::cli {

// A datagram socket with a name that the kernel chose in its abstract namespace: nothing lies in a file system, and no
// path is too long. Anybody may send to it, so who sent is taken from the kernel.
class ReadySocket {
 public:
  ReadySocket();

  // NOTIFY_SOCKET=… for a daemon's environment.
  [[nodiscard]] std::string environment() const;

  [[nodiscard]] int fd() const { return socket_.get(); }

  // Reads one message without waiting. The pid of a process that said READY=1, 0 for any other message, nothing when
  // none is there.
  [[nodiscard]] std::optional<pid_t> receive();

 private:
  daemon::FileDescriptor socket_;
};

}  // namespace circuit::cli
