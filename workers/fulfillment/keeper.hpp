// The process that stands between the worker and one program of the operator: it starts the program, is the parent of
// whatever the program leaves behind (by a double fork, in a session of its own), and reports how the program ended.
// Where the kernel allows it, it is also the first process of a PID namespace: the program sees and signals nobody
// outside, and when the keeper goes the kernel ends all that is in there.
//
// It runs our code between fork and exec, all its life: only what is async-signal-safe.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "workers/fulfillment/confinement.hpp"

namespace circuit::fulfillment {

// All that keeper and program need, made before the fork. Descriptors must be above 2.
struct Launch {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  const char* directory = nullptr;
  std::uint64_t file_bytes_max = 0;
  const Confinement* confinement = nullptr;  // nullptr: not confined
  bool own_pids = true;                      // a PID namespace, if that is possible
  int input = -1;
  int output = -1;
  int start_report = -1;  // errno, as an int, when the program can't be started; closed by a good start
  int end_report = -1;    // the program's status as waitpid(2) has it, once it has ended
};

struct Keeper {
  pid_t pid = 0;  // a child of the calling thread
  bool own_pids = false;
};

// Throws std::system_error when the system lacks processes. SIGTERM to the keeper goes on to the program's group. The
// keeper ends once the program and all its descendants have; without `own_pids`, whoever started it must kill these.
[[nodiscard]] Keeper start_keeper(const Launch& launch);

}  // namespace circuit::fulfillment
