// What `circuit` tells its caller. Scripts match on the numbers: append only. `circuit help exit-codes` prints them.
#pragma once

namespace circuit::cli {

enum class ExitCode : int {
  ok = 0,             // done
  no = 1,             // the answer is no: refused, a check failed, an order did not get there
  usage = 2,          // the command line
  unreachable = 3,    // the circuit is not up, not wholly up, or does not answer
  internal = 70,      // our bug
  io = 74,            // a file or the system
  config = 78,        // the config file, or what it refers to
  interrupted = 130,  // Ctrl-C
};

}  // namespace circuit::cli
