// The log of a daemon: spdlog's default logger, to stderr, where the supervisor keeps it. One line a record, whatever
// the message:
//   2026-01-02T03:04:05.678Z info circuit-broker ready
#pragma once

#include <string>

namespace circuit::daemon {

// Control characters in messages are written as \xNN, so that what a stranger sent cannot start a line of its own.
void start_log(const std::string& name);

}  // namespace circuit::daemon
