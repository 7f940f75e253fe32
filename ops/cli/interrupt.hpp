// Ctrl-C for commands that have something to put right before they leave, such as daemons of their own to stop. Without
// an Interrupt object the signals end the program as usual.
#pragma once

#include <csignal>

namespace circuit::cli {

// While it lives, SIGINT and SIGTERM are noted and interrupt waits. One at a time.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

 private:
  struct sigaction old_int_ {};
  struct sigaction old_term_ {};
};

// Throws Failure (exit code 130) when a signal was noted; once for each.
void throw_if_interrupted();

}  // namespace circuit::cli
