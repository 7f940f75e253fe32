// The signals of a daemon, and how a child process gets rid of them.
#pragma once

#include "broker/daemon/files.hpp"

namespace circuit::daemon {

// Blocks SIGTERM, SIGINT and SIGHUP and ignores SIGPIPE and SIGXFSZ (writes then fail with EPIPE and EFBIG). Call it
// before any thread starts, because threads inherit the mask.
void block_signals();

// A non-blocking signalfd of SIGTERM, SIGINT and SIGHUP.
[[nodiscard]] FileDescriptor make_signal_descriptor();

// Undoes block_signals. For a child between fork and exec, which inherits both the mask and what is ignored; safe
// there.
void restore_signals() noexcept;

}  // namespace circuit::daemon
