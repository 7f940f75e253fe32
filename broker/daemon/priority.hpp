// Threads whose work takes long give way to those that somebody waits for.
#pragma once

#include <sys/resource.h>

namespace circuit::daemon {

// The calling thread, and the programs that it starts: a tenth of the processor time of a thread that did not call
// this, where both want it; all of it where nobody else does. On Linux a nice value belongs to a thread
// (setpriority(2)).
inline void give_way() {
  constexpr int nice = 10;
  // What a system does not let be done makes others slower, and breaks nothing.
  (void)::setpriority(PRIO_PROCESS, 0, nice);
}

}  // namespace circuit::daemon
