// The frame of every daemon: command line → settings → log → directories → body → exit code. A main is:
//
//   int main(int argc, char** argv) {
//     return circuit::daemon::run(argc, argv, {"circuit-broker", "Keeps the orders."}, [](circuit::daemon::Context&
//     context) {
//       Broker broker(context.data(), context.settings());
//       context.ready();
//       while (!context.stopping()) { broker.step(); context.alive(); }
//       broker.drain();
//     });
//   }
//
// Before the body runs: SIGTERM, SIGINT and SIGHUP are blocked (they arrive at context.stop_fd()), SIGPIPE and SIGXFSZ
// are ignored, new files are private (umask 077), the soft limit of file descriptors is the hard one, and the data
// directory and its run/ exist.
#pragma once

#include <functional>
#include <string_view>

#include "broker/daemon/context.hpp"

namespace circuit::daemon {

struct Description {
  std::string_view name;      // of the program, for logs and --version
  std::string_view sentence;  // what it does, for --help
};

// Returns the exit code (exit_code.hpp). What the body throws is caught here, once, and logged with its what().
// Call it once, before any thread has started.
[[nodiscard]] int run(int argc, const char* const* argv, const Description& description,
                      const std::function<void(Context&)>& body);

}  // namespace circuit::daemon
